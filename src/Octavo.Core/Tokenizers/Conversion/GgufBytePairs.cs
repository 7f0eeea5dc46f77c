using Octavo.Core.Tokenizers.Json;
using Octavo.Core.Tokenizers.Normalization;
using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers.Conversion;

/// <summary>
/// Writes byte-level byte-pair encodings, kind <c>gpt2</c>. The pre-tokenizer has a name only, so the names are tried until one cuts every probe
/// as tokenizer.json does.
/// </summary>
internal static class GgufBytePairs
{
    /// <summary>Whether a file is one: letters stand for its bytes.</summary>
    public static bool Fits(JsonValue root, string type) => type == JsonModelType.Bpe
        && SourceStages.Normalizers(root).Concat(SourceStages.PreTokenizers(root)).Any(stage => stage.TypeName() == "ByteLevel");

    /// <summary>Writes the entries of a file that fits.</summary>
    /// <param name="source">The tokenizer.</param>
    /// <param name="size">How many rows the model has.</param>
    /// <param name="stopIds">Ids that end what the model writes.</param>
    /// <param name="acceptUnnormalized">Whether form C may be left out.</param>
    public static GgufEntries Write(FolderTokenizer source, int size, IReadOnlyList<int> stopIds, bool acceptUnnormalized)
    {
        var root = source.Json!.Value;
        var normalizes = RefuseStages(source, root, acceptUnnormalized);
        AddedTokens.RefuseFlags(source);
        var entries = new GgufEntries();
        entries.Set("model", "gpt2");
        entries.Set("pre", KnownPreTokenizers.Distinct[0]);
        GgufPieces.Set(entries, source, size);
        entries.Set("merges", Merges(root));
        GgufSpecialIds.SetIds(entries, source, stopIds);
        GgufSpecialIds.SetAround(entries, source);
        entries.Set("add_space_prefix", false);
        GgufChoice.Set(entries, source, Names(root).Select(name => ($"the pre-tokenizer '{name}'", ((string, object)[])[("pre", name)])),
            text => normalizes ? NormalizationFormC.Normalize(text, out _) : text);
        return entries;
    }

    // A small vocabulary tells few patterns apart, so the name whose stages are the file's own comes first, where there is one.
    private static IEnumerable<string> Names(JsonValue root)
    {
        var ignoresMerges = root.Required("model").Flag("ignore_merges", false);
        return SourceStages.Patterns(root) is { } patterns
            ? KnownPreTokenizers.Distinct.OrderByDescending(name => KnownPreTokenizers.ByName(name, "") is var known
                && known.IgnoresMerges == ignoresMerges && known.Patterns.SequenceEqual(patterns))
            : KnownPreTokenizers.Distinct;
    }

    private static string[] Merges(JsonValue root)
    {
        var merges = root.Required("model").Required("merges");
        return [.. merges.Items().Select(merge => JsonBpe.Parts(merge) is var (left, right) && !left.Contains(' ') && !right.Contains(' ')
            ? $"{left} {right}"
            : throw merge.Unsupported("a merge of pieces with a space", "pieces that spell it by a letter, as byte-level tokenizers do"))];
    }

    // Returns whether texts are normalized and that may be left out.
    private static bool RefuseStages(FolderTokenizer source, JsonValue root, bool acceptUnnormalized)
    {
        var model = root.Required("model");
        foreach (var key in (ReadOnlySpan<string>)["end_of_word_suffix", "continuing_subword_prefix"])
        {
            if (JsonBpe.Affix(model, key).Length > 0)
                throw source.Refused($"the model marks pieces by {key} '{JsonBpe.Affix(model, key)}', which a GGUF file cannot say", "Keep the model as a folder.");
        }
        foreach (var stage in SourceStages.PreTokenizers(root))
        {
            if (stage.TypeName() == "ByteLevel" && stage.Flag("add_prefix_space", true))
                throw source.Refused("the pre-tokenizer ByteLevel puts a space before texts (add_prefix_space), which GGUF files of kind gpt2 cannot say",
                    "Keep the model as a folder.");
        }
        var stages = SourceStages.Normalizers(root).Select(stage => stage.TypeName()).Where(type => type != "ByteLevel").ToArray();
        if (stages.Length == 0)
            return false;
        if (stages.Any(type => type != "NFC"))
            throw source.Refused($"texts are normalized by {string.Join(", ", stages)}, which a GGUF file cannot say", "Keep the model as a folder.");
        return acceptUnnormalized
            ? true
            : throw source.Refused("texts are normalized to Unicode's form C, which a GGUF file cannot say: a letter followed by its accent, such as " +
                "e and U+0301, gives other tokens there", "If your texts are in form C already, as most are, accept that; else keep the model as a folder.");
    }
}
