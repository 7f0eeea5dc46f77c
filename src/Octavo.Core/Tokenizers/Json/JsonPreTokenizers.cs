using Octavo.Core.Tokenizers.Patterns;
using Octavo.Core.Tokenizers.PreTokenizers;
using Octavo.Core.Tokenizers.Unicode;

namespace Octavo.Core.Tokenizers.Json;

/// <summary>Reads pre-tokenizers.</summary>
internal static class JsonPreTokenizers
{
    private const string Known = "BertPreTokenizer, ByteLevel, CharDelimiterSplit, Digits, FixedLength, Metaspace, Punctuation, Sequence, Split, " +
        "UnicodeScripts, Whitespace, WhitespaceSplit";

    private const int LongestPiece = 1 << 20;

    /// <summary>The pre-tokenizers in order; none where the file has none.</summary>
    public static PreTokenizer[] Read(JsonValue root) =>
        root.Optional("pre_tokenizer") is { } stage ? [.. Flatten(stage).Select(ReadStage)] : [];

    /// <summary>The stages, those of sequences one by one.</summary>
    public static IEnumerable<JsonValue> Flatten(JsonValue stage) =>
        stage.TypeName() == "Sequence" ? stage.Required("pretokenizers").Items().SelectMany(Flatten) : [stage];

    /// <summary>Whether a stage cuts and rewrites nothing.</summary>
    public static bool OnlyCuts(JsonValue stage) => stage.TypeName() is not ("ByteLevel" or "Metaspace");

    /// <summary>A stage that only cuts.</summary>
    public static Cutter ReadCutter(JsonValue stage)
    {
        switch (stage.TypeName())
        {
            case "Whitespace":
                return new PatternCutter(new WordPattern(), SplitBehavior.Removed, invert: true);
            case "WhitespaceSplit":
                return new PatternCutter(new SetPattern(ScalarSets.WhiteSpace), SplitBehavior.Removed);
            case "BertPreTokenizer":
                return new BertCutter();
            case "Punctuation":
                return new PatternCutter(new SetPattern(ScalarSets.BertPunctuation),
                    stage.Optional("behavior") is { } behavior ? ReadBehavior(behavior) : SplitBehavior.Isolated);
            case "Digits":
                return new ScannerCutter(new DigitsScanner(stage.Flag("individual_digits", false)));
            case "CharDelimiterSplit":
                return new PatternCutter(new LiteralPattern(OneCharacter(stage.Required("delimiter"))), SplitBehavior.Removed);
            case "UnicodeScripts":
                return new ScriptCutter();
            case "FixedLength":
                return new FixedLengthCutter(stage.Optional("length") is { } length ? length.Count(1, LongestPiece) : 5);
            case "Split":
                return ReadSplit(stage);
            default:
                throw stage.Unsupported($"the pre-tokenizer '{stage.TypeName()}'", Known);
        }
    }

    private static PreTokenizer ReadStage(JsonValue stage)
    {
        switch (stage.TypeName())
        {
            case "ByteLevel":
                return new ByteLevelPreTokenizer(
                    stage.Flag("use_regex", true) ? new Gpt2Scanner() : new WholeScanner(), stage.Flag("add_prefix_space", true));
            case "Metaspace":
                return new MetaspacePreTokenizer(JsonMetaspace.Sign(stage), JsonMetaspace.Scheme(stage),
                    stage.Flag("split", true));
            default:
                return new CutPreTokenizer(ReadCutter(stage));
        }
    }

    private static Cutter ReadSplit(JsonValue stage)
    {
        var behavior = ReadBehavior(stage.Required("behavior"));
        var invert = stage.Flag("invert", false);
        var pattern = stage.Required("pattern");
        // The known patterns match every character, so taking matches out of nothing leaves the same pieces as keeping both.
        if (pattern.Optional("Regex") is { } regex
            && (behavior == SplitBehavior.Isolated || behavior == SplitBehavior.Removed && invert)
            && KnownPreTokenizers.ByPattern(regex.Text()) is { } scanner)
            return new ScannerCutter(scanner);
        return new PatternCutter(JsonPatterns.Read(pattern), behavior, invert);
    }

    private static SplitBehavior ReadBehavior(JsonValue behavior) => behavior.Text() switch
    {
        "Removed" => SplitBehavior.Removed,
        "Isolated" => SplitBehavior.Isolated,
        "MergedWithPrevious" => SplitBehavior.MergedWithPrevious,
        "MergedWithNext" => SplitBehavior.MergedWithNext,
        "Contiguous" => SplitBehavior.Contiguous,
        var name => throw behavior.Unsupported($"'{name}'", "Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous"),
    };

    private static string OneCharacter(JsonValue value)
    {
        var text = value.Text();
        return text.EnumerateRunes().Count() == 1 ? text : throw value.Wrong($"is '{text}', where one character is expected");
    }
}
