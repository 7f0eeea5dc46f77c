using System.Text.Json.Nodes;
using Octavo.Core.Tokenizers;
using Shouldly;
using static Octavo.UnitTests.Core.Tokenizers.StageFile;

namespace Octavo.UnitTests.Core.Tokenizers;

/// <summary>Whole tokenizers of each kind of model against the library, over random texts.</summary>
public class OracleKindTests
{
    private static readonly string[] _words =
        ["the", "hello", "world", "it", "don", "a", "b", "x", "'", "s", "!", ".", "1", "12", "123", "é", "ба", "ال", "你", "好", "😀", "e", "t"];

    private static readonly Dictionary<string, Func<JsonObject>> _contents = new()
    {
        ["WordPiece"] = () => WordPiece(),
        ["WordPiece with another prefix"] = () => WordPiece(prefix: "@@"),
        ["WordPiece of short words"] = () => WordPiece(longest: 3),
        ["WordLevel"] = WordLevel,
        ["WordLevel without a decoder"] = () => With(WordLevel(), "decoder", null),
        ["unigram"] = () => Unigram(false),
        ["unigram with bytes"] = () => Unigram(true),
        ["Llama"] = () => Llama(fuse: true),
        ["Llama, unknown characters one by one"] = () => With(Llama(fuse: false), "byte_fallback", false),
        ["CLIP"] = () => Clip("</w>", ""),
        ["BPE with a prefix"] = () => Clip("", "##"),
        ["CTC"] = () => With(WordLevel(), "decoder", Stage("CTC", ("pad_token", "x"), ("word_delimiter_token", "!"), ("cleanup", true))),
        ["strips"] = () => With(WordLevel(), "decoder",
            Sequence("decoders", Stage("Fuse"), Stage("Strip", ("content", "h"), ("start", 2), ("stop", 0)))),
        ["replaces"] = () => With(WordLevel(), "decoder", Sequence("decoders", Replace(Regex("l+"), "L"), Replace(Text("o"), "00"), Stage("Fuse"))),
        ["bytes in the normalizer"] = BytesInNormalizer,
    };

    public static TheoryData<string> Names => [.. _contents.Keys];

    public static TheoryData<string> Published => ["llama2", "internlm2", "clip", "t5-like"];

    [Theory, MemberData(nameof(Names))]
    public void Encode_TinyTokenizer_EqualsTheLibrary(string name)
    {
        using var folder = new TokenizerFolder();
        Oracle.CompareOver(folder.Write(_contents[name]()), 1500);
    }

    [Theory, MemberData(nameof(Published))]
    public void Encode_PublishedTokenizer_EqualsTheLibrary(string name) =>
        Oracle.CompareOver(Path.Combine(TokenizerFiles.Published(name), "tokenizer.json"), 1000);

    [Fact]
    public void EncodeInput_FileThatCutsAndFillsUp_EqualsTheLibrary()
    {
        var path = Path.Combine(TokenizerFiles.Published("minilm"), "tokenizer.json");
        var tokenizer = TokenizerReader.FromJson(path);
        using var oracle = new global::Tokenizers.DotNet.Tokenizer(path);
        foreach (var text in new[] { "", "Hello, world!", string.Concat(Enumerable.Repeat("Ünïcödé 你好 ", 100)) })
            tokenizer.EncodeInput(text).Ids.ToArray().ShouldBe(oracle.Encode(text).Select(id => (int)id), text);
    }

    private static JsonObject With(JsonObject root, string key, JsonNode? value)
    {
        (root.ContainsKey(key) ? root : root["model"]!.AsObject())[key] = value;
        return root;
    }

    private static JsonObject WordPiece(string prefix = "##", int longest = 20)
    {
        string[] pieces = ["[UNK]", "[CLS]", "[SEP]", .. _words, .. _words.Select(word => prefix + word), "##a", "hell"];
        var model = Stage("WordPiece", ("unk_token", "[UNK]"), ("continuing_subword_prefix", prefix), ("max_input_chars_per_word", longest),
            ("vocab", Vocabulary(pieces.Distinct())));
        var normalizer = Stage("BertNormalizer", ("clean_text", true), ("handle_chinese_chars", true), ("strip_accents", null), ("lowercase", true));
        var root = Root(model, normalizer, Stage("BertPreTokenizer"), Stage("WordPiece", ("prefix", prefix), ("cleanup", true)),
            Stage("BertProcessing", ("sep", new JsonArray("[SEP]", 2)), ("cls", new JsonArray("[CLS]", 1))));
        root["added_tokens"] = new JsonArray(Added(0, "[UNK]"), Added(1, "[CLS]"), Added(2, "[SEP]"));
        return root;
    }

    private static JsonObject WordLevel()
    {
        var model = Stage("WordLevel", ("unk_token", "?"), ("vocab", Vocabulary(["?", .. _words])));
        var root = Root(model, null, Stage("Whitespace"), Stage("Fuse"));
        root["added_tokens"] = new JsonArray(Added(_words.Length + 1, "<tool>", special: false), Added(_words.Length + 2, "<|end|>"));
        return root;
    }

    private static JsonObject Unigram(bool bytes)
    {
        string[] pieces =
            ["<unk>", "</s>", "▁", "▁the", "he", "l", "lo", "llo", "▁hello", "w", "o", "r", "ld", "▁wo", "é", "i", "t", "▁it", "'", "1", "2", "12", "你"];
        var scores = pieces.Select((_, i) => i < 2 ? 0.0 : -2.5 - i * 0.37);
        var spelt = bytes ? Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>").ToArray() : [];
        var vocabulary = new JsonArray(
            [.. pieces.Zip(scores).Concat(spelt.Select(piece => (piece, -20.0))).Select(entry => new JsonArray(entry.Item1, entry.Item2))]);
        var model = Stage("Unigram", ("unk_id", 0), ("vocab", vocabulary), ("byte_fallback", bytes));
        JsonNode decoder = bytes ? Sequence("decoders", Stage("ByteFallback"), Metaspace()) : Metaspace();
        var root = Root(model, Stage("NFKC"), Sequence("pretokenizers", Stage("WhitespaceSplit"), Metaspace()), decoder);
        root["added_tokens"] = new JsonArray(Added(0, "<unk>"), Added(1, "</s>"));
        return root;
    }

    private static JsonObject Llama(bool fuse)
    {
        string[] letters = ["▁", .. "thelowrdia'".Select(c => c.ToString()), "é"];
        string[] merges = ["▁ t", "h e", "▁t he", "l l", "e ll", "▁ h", "▁h ell", "▁hell o", "o r", "l d", "▁ ▁", "i t", "▁ it"];
        string[] spelt = [.. Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>")];
        string[] pieces = ["<unk>", "<s>", .. spelt, .. letters, .. merges.Select(merge => merge.Replace(" ", "", StringComparison.Ordinal))];
        var model = Stage("BPE", ("dropout", null), ("unk_token", "<unk>"), ("fuse_unk", fuse), ("byte_fallback", true),
            ("vocab", Vocabulary(pieces)), ("merges", new JsonArray([.. merges.Select(merge => (JsonNode)merge)])));
        var normalizer = Sequence("normalizers", Stage("Prepend", ("prepend", "▁")), Replace(Text(" "), "▁"));
        var decoder = Sequence("decoders", Replace(Text("▁"), " "), Stage("ByteFallback"), Stage("Fuse"),
            Stage("Strip", ("content", " "), ("start", 1), ("stop", 0)));
        var root = Root(model, normalizer, null, decoder);
        root["added_tokens"] = new JsonArray(Added(0, "<unk>"), Added(1, "<s>"));
        return root;
    }

    // Letters that spell bytes, with marks on what ends a word or goes on with it.
    private static JsonObject Clip(string suffix, string prefix)
    {
        var letters = Enumerable.Range(0, 256).Select(value => ByteAlphabet.Letter((byte)value).ToString()).ToArray();
        string[] marked = [.. letters.Select(letter => prefix + letter), .. letters.Select(letter => prefix + letter + suffix)];
        string[] merges = [$"h {prefix}e", $"t {prefix}h", $"l {prefix}o{suffix}", $"i {prefix}t{suffix}"];
        var joined = merges.Select(merge => merge.Split(' ')).Select(parts => parts[0] + parts[1][prefix.Length..]);
        var model = Stage("BPE", ("dropout", null), ("unk_token", null), ("continuing_subword_prefix", prefix), ("end_of_word_suffix", suffix),
            ("fuse_unk", false), ("byte_fallback", false),
            ("vocab", Vocabulary(letters.Concat(marked).Concat(letters.Select(letter => letter + suffix)).Concat(joined).Distinct())),
            ("merges", new JsonArray([.. merges.Select(merge => (JsonNode)merge)])));
        var normalizer = Sequence("normalizers", Stage("NFC"), Replace(Regex(@"\s+"), " "), Stage("Lowercase"));
        var split = Split(Regex(@"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"), "Removed", invert: true);
        var decoder = suffix.Length > 0 ? Stage("BPEDecoder", ("suffix", suffix)) : Stage("Fuse");
        return Root(model, normalizer, Sequence("pretokenizers", split, ByteLevel(prefix: false, regex: true)), decoder);
    }

    private static JsonObject BytesInNormalizer() =>
        Root(Letters(), Sequence("normalizers", Stage("NFC"), Stage("ByteLevel")), Split(Regex("Ġ?[a-z]+|[^a-z]")), ByteLevel(prefix: false, regex: false));

    private static JsonObject Vocabulary(IEnumerable<string> pieces) =>
        new(pieces.Select((piece, id) => KeyValuePair.Create(piece, (JsonNode?)id)));

    private static JsonObject Added(int id, string content, bool special = true) => new()
    {
        ["id"] = id,
        ["content"] = content,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = false,
        ["special"] = special,
    };
}
