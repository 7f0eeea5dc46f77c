using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Octavo.Core;
using Octavo.Core.Tokenizers;

namespace Octavo.UnitTests.Core.Tokenizers;

/// <summary>Ids and texts against the library that tokenizer.json comes from, over random texts.</summary>
public class OracleTests
{
    private static readonly Dictionary<string, Func<JsonObject>> _contents = new()
    {
        ["gpt2"] = () => TinyTokenizer.Json(),
        ["gpt2 as a split"] = () => TinyTokenizer.Json(TinyTokenizer.SplitThenBytes(TinyTokenizer.Gpt2Pattern)),
        ["smollm"] = () => TinyTokenizer.Json(TinyTokenizer.Sequence("pretokenizers", TinyTokenizer.Digits(true), TinyTokenizer.ByteLevel())),
        ["runs of digits"] = () => TinyTokenizer.Json(TinyTokenizer.Sequence("pretokenizers", TinyTokenizer.Digits(false), TinyTokenizer.ByteLevel())),
        ["llama3"] = () => TinyTokenizer.Json(TinyTokenizer.SplitThenBytes(TinyTokenizer.Llama3Pattern), r => r["model"]!["ignore_merges"] = true),
        ["qwen2"] = () => TinyTokenizer.Json(TinyTokenizer.SplitThenBytes(TinyTokenizer.Qwen2Pattern), Nfc),
        ["no split"] = () => TinyTokenizer.Json(TinyTokenizer.ByteLevel(regex: false)),
        ["prefix space"] = () => TinyTokenizer.Json(TinyTokenizer.ByteLevel(prefix: true)),
        ["prefix space after digits"] = () => TinyTokenizer.Json(
            TinyTokenizer.Sequence("pretokenizers", TinyTokenizer.Digits(true), TinyTokenizer.ByteLevel(prefix: true, regex: false))),
        ["pairs"] = () => TinyTokenizer.Json(null, PairMerges),
        ["bytes without piece"] = () => TinyTokenizer.Json(null, DropBytes),
        ["bytes become unknown"] = () => TinyTokenizer.Json(null, r => DropBytes(r, fuse: false)),
        ["bytes become one unknown"] = () => TinyTokenizer.Json(null, r => DropBytes(r, fuse: true)),
        ["strips"] = () => TinyTokenizer.Json(null, Strips),
        ["normalized added tokens"] = () => TinyTokenizer.Json(null, NormalizedTokens),
        ["template"] = () => TinyTokenizer.Json(null, r => r["post_processor"] = TinyTokenizer.StartTemplate(Id(r, "<|start|>"))),
    };

    public static TheoryData<string> Names => [.. _contents.Keys];

    public static TheoryData<string> Published => ["llama3_1", "qwen2_5"];

    [Theory, MemberData(nameof(Names))]
    public void Encode_TinyTokenizer_EqualsTheLibrary(string name)
    {
        using var folder = new TokenizerFolder();
        Oracle.CompareOver(folder.Write(_contents[name]()), 3000);
    }

    [Fact]
    public void Encode_LongWordsOverDenseMerges_EqualsTheLibrary()
    {
        using var folder = new TokenizerFolder();
        var path = folder.Write(TinyTokenizer.Json(TinyTokenizer.ByteLevel(regex: false), DenseMerges));
        var tokenizer = TokenizerReader.FromJson(path);
        using var oracle = new global::Tokenizers.DotNet.Tokenizer(path);
        Gen.Char['a', 'c'].Array[0, 200].Sample(word => Oracle.Compare(tokenizer, oracle, new string(word)), iter: 3000, threads: 1);
    }

    [Theory, MemberData(nameof(Published))]
    public void Encode_PublishedTokenizer_EqualsTheLibrary(string name) =>
        Oracle.CompareOver(Path.Combine(TokenizerFiles.Model("tokenizers/" + name), "tokenizer.json"), 1500);

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama3")]
    [InlineData("smollm")]
    public void Encode_AssignedCodePoints_SplitsAsTheLibrary(string name)
    {
        using var folder = new TokenizerFolder();
        var path = folder.Write(_contents[name]());
        var tokenizer = TokenizerReader.FromJson(path);
        using var oracle = new global::Tokenizers.DotNet.Tokenizer(path);
        var text = new StringBuilder();
        // In the large blocks of ideographs and syllables one in thirty-one stands for the rest.
        for (var scalar = 0x80; scalar < 0x32000; scalar += scalar is >= 0x3400 and < 0xA000 or >= 0xAC00 and < 0xD7A0 or >= 0x17000 ? 31 : 1)
        {
            if (scalar is >= 0xD800 and < 0xE000 || Rune.GetUnicodeCategory(new Rune(scalar)) == System.Globalization.UnicodeCategory.OtherNotAssigned)
                continue;
            var rune = new Rune(scalar);
            text.Append('x').Append(rune).Append('1').Append(rune).Append('!').Append(rune).Append(' ').Append(rune).Append(" \n").Append(rune);
            if (text.Length < 4000)
                continue;
            Oracle.Compare(tokenizer, oracle, text.ToString());
            text.Clear();
        }
        Oracle.Compare(tokenizer, oracle, text.ToString());
    }

    private static int Id(JsonObject root, string content) =>
        root["added_tokens"]!.AsArray().Single(t => (string)t!["content"]! == content)!["id"]!.GetValue<int>();

    private static void Nfc(JsonObject root) => root["normalizer"] = new JsonObject { ["type"] = "NFC" };

    private static void PairMerges(JsonObject root) =>
        root["model"]!["merges"] = new JsonArray([.. TinyTokenizer.Merges.Select(m => (JsonNode)new JsonArray(m.Left, m.Right))]);

    // Merges of any two pieces in any order, so that one often takes away what another waits for.
    private static void DenseMerges(JsonObject root)
    {
        var random = new SeededRandom(3);
        List<string> pieces = ["a", "b", "c"];
        HashSet<(string, string)> merges = [];
        while (merges.Count < 250)
        {
            var (left, right) = (pieces[random.Next(pieces.Count)], pieces[random.Next(pieces.Count)]);
            if (left.Length + right.Length <= 6 && merges.Add((left, right)) && !pieces.Contains(left + right))
                pieces.Add(left + right);
        }
        var model = root["model"]!.AsObject();
        model["vocab"] = new JsonObject(pieces.Select((piece, id) => KeyValuePair.Create(piece, (JsonNode?)id)));
        model["merges"] = new JsonArray([.. merges.Index().OrderBy(m => m.Index + random.Next(60)).Select(m => (JsonNode)$"{m.Item.Item1} {m.Item.Item2}")]);
        root["added_tokens"] = new JsonArray();
    }

    private static void DropBytes(JsonObject root) => DropBytes(root, fuse: null);

    // Takes the letter a and the second byte of é out of the vocabulary, with the merges that need them.
    private static void DropBytes(JsonObject root, bool? fuse)
    {
        var dropped = new[] { "a", TinyTokenizer.Letters("é")[1..] };
        var vocabulary = root["model"]!["vocab"]!.AsObject();
        foreach (var piece in vocabulary.Select(p => p.Key).Where(p => dropped.Any(d => p.Contains(d, StringComparison.Ordinal))).ToList())
            vocabulary.Remove(piece);
        root["model"]!["merges"] = new JsonArray(
        [
            .. TinyTokenizer.Merges.Where(m => !dropped.Any(d => (m.Left + m.Right).Contains(d, StringComparison.Ordinal)))
                .Select(m => (JsonNode)$"{m.Left} {m.Right}"),
        ]);
        // The library numbers added tokens by the count of pieces, which now has holes.
        root["added_tokens"] = new JsonArray();
        if (fuse is null)
            return;
        root["model"]!["unk_token"] = "!";
        root["model"]!["fuse_unk"] = fuse;
    }

    private static void Strips(JsonObject root)
    {
        var tokens = root["added_tokens"]!.AsArray();
        tokens[0]!["lstrip"] = true;
        tokens[1]!["rstrip"] = true;
        tokens[2]!["single_word"] = true;
        tokens[3]!["lstrip"] = true;
        tokens[3]!["rstrip"] = true;
        tokens[3]!["content"] = "\U00010400";
    }

    private static void NormalizedTokens(JsonObject root)
    {
        Nfc(root);
        var tokens = root["added_tokens"]!.AsArray();
        tokens[2]!["normalized"] = true;
        tokens[3]!["normalized"] = true;
        tokens[2]!["content"] = "n\u0303";
        tokens[3]!["content"] = "e\u0302\u0323";
        tokens[3]!["lstrip"] = true;
    }
}
