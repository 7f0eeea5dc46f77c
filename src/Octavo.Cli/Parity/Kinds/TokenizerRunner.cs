using System.Text.Json;
using Octavo.Core.Tokenizers;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>A published tokenizer: ids, places and texts back; one pair of texts; pieces, for SentencePiece models.</summary>
internal sealed class TokenizerRunner : GoldenRunner
{
    public override string Kind => "tokenizer";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        var tokenizer = ModelText.LoadTokenizer(context.FindModel(golden.Architecture));
        var checks = golden.Architecture.EndsWith(".model", StringComparison.Ordinal)
            ? RunModel(tokenizer, golden, context)
            : RunJson(tokenizer, golden, context);
        return CaseCheck.Outcomes(checks);
    }

    // Special tokens in these texts are plain text to the reference.
    private static CaseCheck[] RunModel(Tokenizer tokenizer, Golden golden, ParityContext context)
    {
        var (ids, decoded) = (new CaseCheck("ids"), new CaseCheck("decoded"));
        foreach (var entry in golden.Cases(context))
        {
            var text = entry.GetProperty("text").GetString()!;
            var label = CaseCheck.Quote(text);
            ids.AddList(label, [.. tokenizer.Encode(text, parseSpecial: false).Select(token => token.Id)], Ids(entry));
            decoded.AddText(label, tokenizer.Decode(Ids(entry), skipSpecial: false), entry.GetProperty("decoded").GetString()!);
        }
        return [ids, decoded];
    }

    private static CaseCheck[] RunJson(Tokenizer tokenizer, Golden golden, ParityContext context)
    {
        var (ids, offsets, special) = (new CaseCheck("ids"), new CaseCheck("offsets"), new CaseCheck("special ids"));
        var (decoded, bare) = (new CaseCheck("decoded"), new CaseCheck("decoded without special"));
        foreach (var entry in golden.Cases(context))
        {
            var text = entry.GetProperty("text").GetString()!;
            var label = CaseCheck.Quote(text);
            var plain = entry.GetProperty("plain");
            var tokens = tokenizer.Encode(text);
            ids.AddList(label, [.. tokens.Select(token => token.Id)], Ids(plain));
            offsets.AddList(label, [.. tokens.SelectMany(token => new[] { token.Start, token.End })], Offsets(plain));
            special.AddList(label, [.. tokenizer.Encode(text, addSpecial: true).Select(token => token.Id)], Ids(entry.GetProperty("special")));
            decoded.AddText(label, tokenizer.Decode(Ids(plain), skipSpecial: false), entry.GetProperty("decoded").GetString()!);
            bare.AddText(label, tokenizer.Decode(Ids(plain)), entry.GetProperty("decoded_without_special").GetString()!);
        }
        return [ids, offsets, special, decoded, bare, .. RunPair(tokenizer, golden)];
    }

    // The reference's pair was neither cut nor filled up.
    private static CaseCheck[] RunPair(Tokenizer tokenizer, Golden golden)
    {
        if (!golden.Root.TryGetProperty("pair", out var pair))
            return [];
        var (ids, types) = (new CaseCheck("pair ids"), new CaseCheck("pair type ids"));
        var (first, second) = (pair.GetProperty("a").GetString()!, pair.GetProperty("b").GetString()!);
        var input = tokenizer.EncodeInput(first, second, new InputOptions());
        ids.AddList(CaseCheck.Quote(first), input.Ids.ToArray(), Ids(pair));
        types.AddList(CaseCheck.Quote(first), input.TypeIds.ToArray(), Ids(pair, "type_ids"));
        return [ids, types];
    }

    internal static int[] Ids(JsonElement holder, string name = "ids") => [.. holder.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];

    private static int[] Offsets(JsonElement holder) =>
        [.. holder.GetProperty("offsets").EnumerateArray().SelectMany(pair => pair.EnumerateArray().Select(place => place.GetInt32()))];
}
