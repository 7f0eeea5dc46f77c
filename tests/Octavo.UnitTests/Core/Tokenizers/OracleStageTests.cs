using System.Text.Json.Nodes;
using static Octavo.UnitTests.Core.Tokenizers.StageFile;

namespace Octavo.UnitTests.Core.Tokenizers;

/// <summary>Each normalizer and each pre-tokenizer by itself against the library, over random texts.</summary>
public class OracleStageTests
{
    private const int Texts = 400;

    private static readonly Dictionary<string, Func<JsonNode>> _normalizers = new()
    {
        ["NFC"] = () => Stage("NFC"),
        ["NFD"] = () => Stage("NFD"),
        ["NFKC"] = () => Stage("NFKC"),
        ["NFKD"] = () => Stage("NFKD"),
        ["Lowercase"] = () => Stage("Lowercase"),
        ["StripAccents after NFD"] = () => Sequence("normalizers", Stage("NFD"), Stage("StripAccents")),
        ["Strip left"] = () => Stage("Strip", ("strip_left", true), ("strip_right", false)),
        ["Strip right"] = () => Stage("Strip", ("strip_left", false), ("strip_right", true)),
        ["Strip"] = () => Stage("Strip", ("strip_left", true), ("strip_right", true)),
        ["Nmt"] = () => Stage("Nmt"),
        ["Prepend"] = () => Stage("Prepend", ("prepend", "▁▁")),
        ["Replace text"] = () => Replace(Text(" "), "▁"),
        ["Replace text by more"] = () => Replace(Text("the"), "🇫🇷"),
        ["Replace text by nothing"] = () => Replace(Text(" "), ""),
        ["Replace pattern"] = () => Replace(Regex(" {2,}"), " "),
        ["Replace every place"] = () => Replace(Regex("x*"), "-"),
        ["Replace spaces"] = () => Replace(Regex(@"\s+"), " "),
        ["ByteLevel"] = () => Stage("ByteLevel"),
        ["BERT"] = () => Bert(true, true, null, true),
        ["BERT cased"] = () => Bert(true, true, null, false),
        ["BERT with accents"] = () => Bert(true, false, false, true),
        ["BERT untouched"] = () => Bert(false, true, true, false),
        ["ALBERT"] = () => Sequence("normalizers", Replace(Text("''"), "\""), Stage("NFKD"), Stage("StripAccents"), Stage("Lowercase")),
        ["one after another"] = () => Sequence("normalizers", Stage("NFD"), Stage("Lowercase"), Replace(Regex(@"\p{Mn}"), ""), Stage("NFC"),
            Stage("Strip", ("strip_left", true), ("strip_right", true)), Stage("Prepend", ("prepend", "x"))),
    };

    private static readonly Dictionary<string, Func<JsonNode>> _preTokenizers = new()
    {
        ["Whitespace"] = () => Stage("Whitespace"),
        ["WhitespaceSplit"] = () => Stage("WhitespaceSplit"),
        ["BertPreTokenizer"] = () => Stage("BertPreTokenizer"),
        ["Digits"] = () => Stage("Digits", ("individual_digits", false)),
        ["Digits each"] = () => Stage("Digits", ("individual_digits", true)),
        ["CharDelimiterSplit"] = () => Stage("CharDelimiterSplit", ("delimiter", "e")),
        ["UnicodeScripts"] = () => Stage("UnicodeScripts"),
        ["ByteLevel"] = () => ByteLevel(prefix: false, regex: true),
        ["ByteLevel with a space before"] = () => ByteLevel(prefix: true, regex: true),
        ["Punctuation and Digits"] = () => Sequence("pretokenizers", Stage("Punctuation", ("behavior", "Contiguous")),
            Stage("Digits", ("individual_digits", true))),
        ["Split by a text"] = () => Split(Text("it"), "Isolated"),
        ["BLOOM"] = () => Split(Regex(@" ?[^(\s|[.,!?…。，、।۔،])]+")),
        ["o200k"] = () => Split(Regex(
            @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?" +
            @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|" +
            @"\s*[\r\n]+|\s+(?!\S)|\s+")),
        ["cl100k"] = () => Split(Regex(
            @"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+")),
        ["DeepSeek"] = () => Sequence("pretokenizers", Split(Regex(@"\p{N}{1,3}")), Split(Regex("[一-龥぀-ゟ゠-ヿ]+")), Split(Regex(
            @"[!""#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"))),
    };

    public static TheoryData<string> Normalizers => [.. _normalizers.Keys];

    public static TheoryData<string> PreTokenizers => [.. _preTokenizers.Keys];

    public static TheoryData<string, bool> Behaviors
    {
        get
        {
            TheoryData<string, bool> rows = [];
            foreach (var behavior in new[] { "Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous" })
            {
                rows.Add(behavior, false);
                rows.Add(behavior, true);
            }
            return rows;
        }
    }

    [Theory, MemberData(nameof(Normalizers))]
    public void Encode_Normalizer_GivesTheLibrarysText(string name)
    {
        using var folder = new TokenizerFolder();
        Oracle.CompareOver(folder.Write(ShowText(_normalizers[name]())), Texts);
    }

    [Theory, MemberData(nameof(PreTokenizers))]
    public void Encode_PreTokenizer_CutsAsTheLibrary(string name)
    {
        using var folder = new TokenizerFolder();
        Oracle.CompareOver(folder.Write(ShowCuts(_preTokenizers[name]())), Texts);
    }

    [Theory, MemberData(nameof(Behaviors))]
    public void Encode_Split_TreatsOccurrencesAsTheLibrary(string behavior, bool invert)
    {
        using var folder = new TokenizerFolder();
        Oracle.CompareOver(folder.Write(ShowCuts(Split(Regex("e|h*| "), behavior, invert))), Texts);
        Oracle.CompareOver(folder.Write(ShowCuts(Stage("Punctuation", ("behavior", behavior)))), Texts);
    }

    [Theory]
    [InlineData("always", true)]
    [InlineData("always", false)]
    [InlineData("first", true)]
    [InlineData("first", false)]
    [InlineData("never", true)]
    public void Encode_Metaspace_MarksAsTheLibrary(string scheme, bool split)
    {
        using var folder = new TokenizerFolder();
        Oracle.CompareOver(folder.Write(ShowText(null, Metaspace(scheme, split))), Texts);
        Oracle.CompareOver(folder.Write(ShowText(Stage("Strip", ("strip_left", true), ("strip_right", false)),
            Sequence("pretokenizers", Stage("Digits", ("individual_digits", true)), Metaspace(scheme, split)))), Texts);
    }

    private static JsonObject Bert(bool clean, bool chinese, bool? accents, bool lowercase) => Stage("BertNormalizer",
        ("clean_text", clean), ("handle_chinese_chars", chinese), ("strip_accents", accents), ("lowercase", lowercase));
}
