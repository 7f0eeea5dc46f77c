using Octavo.Core.Tokenizers.Json;
using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers.Conversion;

/// <summary>The stages that a tokenizer.json has.</summary>
internal static class SourceStages
{
    /// <summary>The normalizers of a file, those of sequences one by one.</summary>
    public static IEnumerable<JsonValue> Normalizers(JsonValue root) => root.Optional("normalizer") is { } stage ? Flatten(stage, "normalizers") : [];

    /// <summary>The pre-tokenizers of a file, those of sequences one by one.</summary>
    public static IEnumerable<JsonValue> PreTokenizers(JsonValue root) =>
        root.Optional("pre_tokenizer") is { } stage ? Flatten(stage, "pretokenizers") : [];

    /// <summary>What each stage of a byte-level file cuts at, as <see cref="NamedPreTokenizer"/> has it; null where a stage does something else.</summary>
    public static string[]? Patterns(JsonValue root)
    {
        List<string> patterns = [];
        foreach (var stage in PreTokenizers(root))
        {
            switch (stage.TypeName())
            {
                case "ByteLevel":
                    patterns.AddRange(stage.Flag("use_regex", true) ? [Gpt2Scanner.Pattern] : []);
                    break;
                case "Digits" when stage.Flag("individual_digits", false):
                    patterns.Add(KnownPatterns.EachNumber);
                    break;
                case "Split" when stage.Required("pattern").Optional("Regex") is { } regex && stage.Required("behavior").Text() == "Isolated"
                    && !stage.Flag("invert", false):
                    patterns.Add(regex.Text());
                    break;
                default:
                    return null;
            }
        }
        return [.. patterns];
    }

    private static IEnumerable<JsonValue> Flatten(JsonValue stage, string list) =>
        stage.TypeName() == "Sequence" ? stage.Required(list).Items().SelectMany(inner => Flatten(inner, list)) : [stage];
}
