using System.Text.Json;
using Octavo.Core.Tokenizers.Bpe;
using Octavo.Core.Tokenizers.Normalization;

namespace Octavo.Core.Tokenizers.Json;

/// <summary>Reads byte-level BPE tokenizers from tokenizer.json.</summary>
internal static class TokenizerJson
{
    private const string FileName = "tokenizer.json";
    private const string ConfigName = "tokenizer_config.json";

    public static Tokenizer Read(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        using var document = JsonFile.Open(file);
        var root = new JsonValue(document.RootElement, file, "$");
        root.Expect(JsonValueKind.Object, "an object");

        var model = root.Required("model");
        JsonBpe.ExpectType(model);
        var entries = new JsonVocabulary(model);
        var added = ReadAddedTokens(root, entries);
        var vocabulary = entries.Build();
        var nfc = JsonStages.ReadNormalizer(root);
        var splitting = JsonStages.ReadPreTokenizer(root);
        var around = JsonStages.ReadPostProcessor(root, vocabulary);
        JsonStages.CheckDecoder(root);
        var pipeline = new BytePipeline(JsonBpe.Read(model, vocabulary), splitting.Scanners, Trie(added, normalized: false, nfc),
            Trie(added, normalized: true, nfc))
        {
            Nfc = nfc,
            PrefixSpace = splitting.PrefixSpace,
            TrimPlaces = around.TrimPlaces,
            TrimKeepsFirstSpace = around.TrimKeepsFirstSpace,
        };
        return new ByteLevelTokenizer("BPE (tokenizer.json)", vocabulary, ReadSpecial(file, vocabulary, around), pipeline);
    }

    private static List<AddedToken> ReadAddedTokens(JsonValue root, JsonVocabulary entries)
    {
        List<AddedToken> tokens = [];
        if (root.Optional("added_tokens") is not { } list)
            return tokens;
        foreach (var item in list.Items())
        {
            var token = new AddedToken(item.Required("id").Id(), item.Required("content").Text(), item.Flag("special", false))
            {
                LStrip = item.Flag("lstrip", false),
                RStrip = item.Flag("rstrip", false),
                SingleWord = item.Flag("single_word", false),
                Normalized = item.Flag("normalized", !item.Flag("special", false)),
            };
            if (token.Content.Length == 0)
                throw item.Wrong("has an empty content");
            entries.AddToken(token, item);
            tokens.Add(token);
        }
        return tokens;
    }

    private static AddedTokenTrie Trie(List<AddedToken> tokens, bool normalized, bool nfc) => new(tokens
        .Where(token => token.Normalized == normalized)
        .Select(token => normalized && nfc ? token with { Content = NormalizationFormC.Normalize(token.Content, out _) } : token));

    private static SpecialIds ReadSpecial(string file, Vocabulary vocabulary, JsonAround around)
    {
        var config = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, ConfigName);
        int? bos = around.Before.Length > 0 ? around.Before[0] : null;
        int? eos = null;
        if (File.Exists(config))
        {
            using var document = JsonFile.Open(config);
            var root = new JsonValue(document.RootElement, config, "$");
            bos = ReadNamed(root, "bos_token", vocabulary) ?? bos;
            eos = ReadNamed(root, "eos_token", vocabulary);
        }
        return new SpecialIds(bos, eos, around.Before, around.After, SpecialIds.StopIds(vocabulary, eos, null, null));
    }

    // A token is named by its text, or by an object with the text under "content".
    private static int? ReadNamed(JsonValue config, string key, Vocabulary vocabulary)
    {
        if (config.Optional(key) is not { } named)
            return null;
        var text = (named.Element.ValueKind == JsonValueKind.Object ? named.Required("content") : named).Text();
        var id = vocabulary.Id(text);
        return id >= 0 ? id : throw named.Wrong($"is '{text}', which {FileName} does not have");
    }
}
