using Octavo.Core.Tokenizers.Bpe;
using Octavo.Core.Tokenizers.Normalization;
using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers.Json;

/// <summary>
/// Reads tokenizers that work on bytes throughout, as most decoder models have them: these need no text between the bytes and
/// their pieces.
/// </summary>
internal static class JsonByteLevel
{
    /// <summary>Whether a file is one: BPE without affixes, no normalizer but NFC, stages that only cut and then ByteLevel,
    /// decoder ByteLevel.</summary>
    public static bool Fits(JsonValue root, string type)
    {
        if (type != JsonModelType.Bpe || root.Optional("decoder")?.TypeName() != "ByteLevel")
            return false;
        var model = root.Required("model");
        if (model.Flag("byte_fallback", false) || JsonBpe.Affix(model, "continuing_subword_prefix").Length > 0
            || JsonBpe.Affix(model, "end_of_word_suffix").Length > 0)
            return false;
        if (!Normalizers(root).All(stage => stage.TypeName() == "NFC"))
            return false;
        var stages = PreTokenizers(root);
        return stages.Length > 0 && stages[^1].TypeName() == "ByteLevel" && stages[..^1].All(JsonPreTokenizers.OnlyCuts);
    }

    /// <summary>The tokenizer of a file that fits.</summary>
    public static ByteLevelTokenizer Read(JsonValue root, Vocabulary vocabulary, List<AddedToken> added, JsonLayout layout,
        SpecialIds special)
    {
        var nfc = Normalizers(root).Length > 0;
        var stages = PreTokenizers(root);
        var last = stages[^1];
        Scanner scanner = last.Flag("use_regex", true) ? new Gpt2Scanner() : new WholeScanner();
        Cutter[] cutters = [.. stages[..^1].Select(JsonPreTokenizers.ReadCutter), new ScannerCutter(scanner)];
        var model = JsonBpe.ReadBytes(root.Required("model"), vocabulary);
        var pipeline = new BytePipeline(model, cutters, Trie(added, normalized: false, nfc), Trie(added, normalized: true, nfc))
        {
            Nfc = nfc,
            PrefixSpace = last.Flag("add_prefix_space", true),
            TrimPlaces = layout.Trimming is not null,
            TrimKeepsFirstSpace = layout.Trimming?.KeepsFirstSpace ?? false,
        };
        return new ByteLevelTokenizer("BPE (tokenizer.json)", vocabulary, special, pipeline);
    }

    private static AddedTokenTrie Trie(List<AddedToken> tokens, bool normalized, bool nfc) => new(tokens
        .Where(token => token.Normalized == normalized)
        .Select(token => normalized && nfc
            ? token with { Content = NormalizationFormC.Normalize(token.Content, out _) }
            : token));

    private static JsonValue[] Normalizers(JsonValue root) => root.Optional("normalizer") is { } stage ? [.. Flatten(stage)] : [];

    private static IEnumerable<JsonValue> Flatten(JsonValue stage) =>
        stage.TypeName() == "Sequence" ? stage.Required("normalizers").Items().SelectMany(Flatten) : [stage];

    private static JsonValue[] PreTokenizers(JsonValue root) =>
        root.Optional("pre_tokenizer") is { } stage ? [.. JsonPreTokenizers.Flatten(stage)] : [];
}
