using System.Globalization;
using System.Text.Json;
using Octavo.Core.Tokenizers.Inputs;
using Octavo.Core.Tokenizers.Json;

namespace Octavo.Core.Tokenizers.SentencePiece;

/// <summary>Reads what tokenizer_config.json says of a SentencePiece model beside it.</summary>
internal static class SentencePieceConfig
{
    private const string Known = "CodeLlamaTokenizer, GemmaTokenizer, InternLM2Tokenizer, InternLMTokenizer, LlamaTokenizer, T5Tokenizer, each also " +
        "with Fast at the end";

    private const int MostAdded = 1 << 20;

    /// <summary>The tokens around texts, by the class that is named and by <c>add_bos_token</c> and
    /// <c>add_eos_token</c>.</summary>
    /// <exception cref="UnsupportedException">The class is another one: it may number pieces anew, or put other tokens around
    /// texts.</exception>
    public static InputLayout ReadLayout(TokenizerConfig config, int? bos, int? eos)
    {
        var (first, last) = Defaults(config.Root);
        return InputLayout.Around(
            Around(config.Root, "add_bos_token", first, bos, "bos_id"),
            Around(config.Root, "add_eos_token", last, eos, "eos_id"));
    }

    /// <summary>Tokens that the configuration adds to the model's pieces or puts in the place of some of them.</summary>
    public static List<AddedToken> ReadAdded(TokenizerConfig config, SentencePieceProto proto)
    {
        List<AddedToken> added = [];
        if (config.Root.Optional("added_tokens_decoder") is not { } list)
            return added;
        list.Expect(JsonValueKind.Object, "an object");
        foreach (var entry in list.Element.EnumerateObject())
        {
            var item = list.Required(entry.Name);
            if (!int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                || id > proto.Pieces.Count + MostAdded)
                throw item.Wrong("is not under a token id");
            var token = new AddedToken(id, item.Required("content").Text(), item.Flag("special", false))
            {
                LStrip = item.Flag("lstrip", false),
                RStrip = item.Flag("rstrip", false),
                SingleWord = item.Flag("single_word", false),
            };
            if (Replace(proto, token))
                added.Add(token);
        }
        return added;
    }

    // False for a token that the model has in the same way, which needs nothing.
    private static bool Replace(SentencePieceProto proto, AddedToken token)
    {
        while (proto.Pieces.Count <= token.Id)
        {
            proto.Pieces.Add($"[unused {proto.Pieces.Count}]");
            proto.Scores.Add(0);
            proto.Kinds.Add(TokenKind.Unused);
        }
        var kind = proto.Kinds[token.Id];
        if (proto.Pieces[token.Id] == token.Content && kind is TokenKind.Control or TokenKind.Unknown or TokenKind.UserDefined)
            return false;
        proto.Pieces[token.Id] = token.Content;
        proto.Kinds[token.Id] = token.Special ? TokenKind.Control : TokenKind.UserDefined;
        return true;
    }

    private static (bool Bos, bool Eos) Defaults(JsonValue root)
    {
        if (root.Optional("tokenizer_class") is not { } named)
            return (false, false);
        var name = named.Text();
        return (name.EndsWith("Fast", StringComparison.Ordinal) ? name[..^4] : name) switch
        {
            "LlamaTokenizer" or "CodeLlamaTokenizer" or "GemmaTokenizer" or "InternLMTokenizer" or "InternLM2Tokenizer" =>
                (true, false),
            "T5Tokenizer" => (false, true),
            _ => throw named.Unsupported($"'{name}' over a SentencePiece model without a tokenizer.json", Known),
        };
    }

    private static int[] Around(JsonValue root, string key, bool fallback, int? id, string field)
    {
        if (!root.Flag(key, fallback))
            return [];
        return id is { } known
            ? [known]
            : throw root.Wrong($"wants a token around texts ({key}), which the model's {field} does not name");
    }
}
