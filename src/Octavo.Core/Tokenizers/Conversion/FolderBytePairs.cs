using System.Text.Json.Nodes;
using Octavo.Core.Tokenizers.PreTokenizers;
using static Octavo.Core.Tokenizers.Conversion.JsonStages;

namespace Octavo.Core.Tokenizers.Conversion;

/// <summary>Writes tokenizers of kind <c>gpt2</c>: the stages behind the pre-tokenizer's name are spelt out.</summary>
internal static class FolderBytePairs
{
    public static FolderParts Parts(VocabularyTokenizer tokenizer, GgufVocabulary file)
    {
        var known = KnownPreTokenizers.ByName(file.PreTokenizer(), file.At("pre"));
        var model = Stage("BPE", ("dropout", null), ("unk_token", null), ("continuing_subword_prefix", null), ("end_of_word_suffix", null),
            ("fuse_unk", false), ("byte_fallback", false), ("ignore_merges", known.IgnoresMerges));
        return new FolderParts(tokenizer, model, writer =>
        {
            FolderParts.WriteIds(writer, tokenizer.Vocabulary);
            writer.WritePropertyName("merges");
            writer.WriteStartArray();
            foreach (var merge in file.Merges())
                writer.WriteStringValue(merge);
            writer.WriteEndArray();
        })
        {
            PreTokenizer = PreTokenizer(known.Patterns),
            Decoder = ByteLevel(regex: true),
        };
    }

    // GPT-2's pattern is the one that ByteLevel has itself; other patterns come before it.
    private static JsonObject PreTokenizer(string[] patterns)
    {
        var hasOwn = patterns[^1] == Gpt2Scanner.Pattern;
        var before = hasOwn ? patterns[..^1] : patterns;
        return Sequence("pretokenizers", [.. before.Select(Cut), ByteLevel(regex: hasOwn)]);
    }

    private static JsonObject Cut(string pattern) =>
        pattern == KnownPatterns.EachNumber ? Stage("Digits", ("individual_digits", true)) : Split(pattern);
}
