using System.Text;
using System.Text.Json.Nodes;
using Octavo.Core;
using Octavo.Core.Tokenizers;
using Shouldly;

namespace Octavo.UnitTests.Core.Tokenizers;

/// <summary>One row per rule: what is changed in a sound file, and what the message must name.</summary>
public class JsonRefusalTests
{
    private static readonly Dictionary<string, (Action<JsonObject> Change, string Names)> _broken = new()
    {
        ["no model"] = (r => r.Remove("model"), "$ lacks 'model'"),
        ["model is a list"] = (r => r["model"] = new JsonArray(), "$.model is a list"),
        ["type is a number"] = (r => Model(r)["type"] = 1, "$.model.type is a number"),
        ["no vocabulary"] = (r => Model(r).Remove("vocab"), "$.model lacks 'vocab'"),
        ["vocabulary is a list"] = (r => Model(r)["vocab"] = new JsonArray("a"), "$.model.vocab is a list"),
        ["empty vocabulary"] = (r => (Model(r)["vocab"], r["added_tokens"]) = (new JsonObject(), new JsonArray()), "$.model.vocab is empty"),
        ["id is a text"] = (r => Vocabulary(r)["zz"] = "7", "$.model.vocab['zz'] is \"7\""),
        ["id is a fraction"] = (r => Vocabulary(r)["zz"] = 7.5, "$.model.vocab['zz'] is 7.5"),
        ["id is negative"] = (r => Vocabulary(r)["zz"] = -1, "$.model.vocab['zz'] is -1"),
        ["id beyond the largest"] = (r => Vocabulary(r)["zz"] = 10_000_000, "$.model.vocab['zz'] is 10000000"),
        ["id beyond 64 bits"] = (r => Vocabulary(r)["zz"] = JsonNode.Parse("99999999999999999999"), "$.model.vocab['zz'] is 99999999999999999999"),
        ["id twice"] = (r => Vocabulary(r)["zz"] = 65, "$.model.vocab['zz'] is 65, the id of 'A' already"),
        ["no merges"] = (r => Model(r).Remove("merges"), "$.model lacks 'merges'"),
        ["merges are an object"] = (r => Model(r)["merges"] = new JsonObject(), "$.model.merges is an object"),
        ["merge of one piece"] = (r => Merges(r).Insert(0, "ab"), "$.model.merges: merge 0 is 'ab'"),
        ["merge of three pieces"] = (r => Merges(r).Insert(1, "a b c"), "$.model.merges: merge 1 is 'a b c'"),
        ["merge with an empty piece"] = (r => Merges(r).Insert(0, " b"), "merge 0 is ' b'"),
        ["merge with nothing after"] = (r => Merges(r).Insert(0, "a "), "merge 0 is 'a '"),
        ["merge of an unknown piece"] = (r => Merges(r).Insert(0, "日 a"), "merge 0 needs the piece '日'"),
        ["merge into an unknown piece"] = (r => Merges(r).Insert(0, "q q"), "merge 0 needs the piece 'qq'"),
        ["merge list of one"] = (r => Merges(r).Insert(0, new JsonArray("a")), "$.model.merges[0] is neither"),
        ["merge list of three"] = (r => Merges(r).Insert(0, new JsonArray("a", "b", "c")), "$.model.merges[0] is neither"),
        ["merge list of numbers"] = (r => Merges(r).Insert(0, new JsonArray("a", 1)), "$.model.merges[0][1] is a number"),
        ["merge is null"] = (r => Merges(r).Insert(0, null), "$.model.merges[0] is neither"),
        ["ignore_merges is a text"] = (r => Model(r)["ignore_merges"] = "yes", "$.model.ignore_merges is not true or false"),
        ["unknown token that is none"] = (r => Model(r)["unk_token"] = "<unk>", "$.model.unk_token is '<unk>'"),
        ["added tokens are an object"] = (r => r["added_tokens"] = new JsonObject(), "$.added_tokens is an object"),
        ["added token is a text"] = (r => Added(r).Add("x"), "$.added_tokens[4] is a text"),
        ["added token without id"] = (r => Added(r)[2]!.AsObject().Remove("id"), "$.added_tokens[2] lacks 'id'"),
        ["added token without content"] = (r => Added(r)[2]!.AsObject().Remove("content"), "$.added_tokens[2] lacks 'content'"),
        ["added token with empty content"] = (r => Added(r)[2]!["content"] = "", "$.added_tokens[2] has an empty content"),
        ["added token's id is negative"] = (r => Added(r)[2]!["id"] = -5, "$.added_tokens[2].id is -5"),
        ["added token's id is too large"] = (r => Added(r)[2]!["id"] = 10_000_000, "$.added_tokens[2].id is 10000000"),
        ["added token's id is a piece's"] = (r => Added(r)[2]!["id"] = 65, "$.added_tokens[2] gives '<tool>' the id 65, which 'A' has already"),
        ["two added tokens of one id"] = (r => Added(r)[2]!["id"] = Added(r)[1]!["id"]!.GetValue<int>(), "which '<|end|>' has already"),
        ["two added tokens of one content"] = (r => Added(r)[2]!["content"] = "<|end|>", "give '<|end|>' two ids"),
        ["added token twice"] = (r => Added(r).Add(Added(r)[2]!.DeepClone()), "$.added_tokens[4] gives '<tool>'"),
        ["special is a number"] = (r => Added(r)[2]!["special"] = 1, "$.added_tokens[2].special is not true or false"),
        ["normalizer is a text"] = (r => r["normalizer"] = "NFC", "$.normalizer is a text"),
        ["pre-tokenizers are no list"] = (r => r["pre_tokenizer"] = new JsonObject { ["type"] = "Sequence", ["pretokenizers"] = 3 },
            "$.pre_tokenizer.pretokenizers is a number"),
        ["template without the text"] = (r => Template(r)["single"] = new JsonArray(), "$.post_processor.single must hold the sequence A once"),
        ["template with a wrong text"] = (r => Template(r)["single"]![1]!["Sequence"]!["id"] = "B",
            "$.post_processor.single must hold the sequence A once"),
        ["template with an unknown token"] = (r => Template(r)["single"]![0]!["SpecialToken"]!["id"] = "<s>",
            "$.post_processor.single[0].SpecialToken.id is '<s>'"),
        ["template for pairs without the second text"] = (r => Template(r)["pair"]!.AsArray().RemoveAt(1),
            "$.post_processor.pair must hold the sequences A and B once each"),
        ["template with a type that is none"] = (r => Template(r)["pair"]![1]!["Sequence"]!["type_id"] = -1,
            "$.post_processor.pair[1].Sequence.type_id is -1"),
        ["template with an id beyond"] = (r => Template(r)["special_tokens"]!["<|start|>"]!["ids"]![0] = 9999,
            "$.post_processor.special_tokens.<|start|>.ids[0] is 9999"),
    };

    private static readonly Dictionary<string, (Action<JsonObject> Change, string Names)> _unsupported = new()
    {
        ["version"] = (r => r["version"] = "2.0", "$.version: '2.0'"),
        ["model"] = (r => Model(r)["type"] = "Morphemes", "$.model: a model of type 'Morphemes'"),
        ["dropout"] = (r => Model(r)["dropout"] = 0.1, "$.model.dropout"),
        ["byte fallback with a suffix"] = (r => (Model(r)["byte_fallback"], Model(r)["end_of_word_suffix"]) = (true, "</w>"),
            "$.model: 'byte_fallback' with a prefix or a suffix"),
        ["normalizer"] = (r => r["normalizer"] = Type("NFX"), "$.normalizer: the normalizer 'NFX'"),
        ["normalizer inside"] = (r => r["normalizer"] = TinyTokenizer.Sequence("normalizers", Type("NFC"), Type("Uppercase")),
            "$.normalizer.normalizers[1]: the normalizer 'Uppercase'"),
        ["pattern of another kind"] = (r => r["normalizer"] = Replace("Glob", "*"), "$.normalizer.pattern: a pattern of another kind"),
        ["empty pattern"] = (r => r["normalizer"] = Replace("String", ""), "$.normalizer.pattern.String: an empty text"),
        ["pattern with a reference"] = (r => r["normalizer"] = Replace("Regex", @"(a)\1"), @"$.normalizer.pattern.Regex: the pattern '(a)\1' has '\1'"),
        ["pre-tokenizer"] = (r => r["pre_tokenizer"] = Type("Syllables"), "$.pre_tokenizer: the pre-tokenizer 'Syllables'"),
        ["pre-tokenizer after bytes"] = (r => r["pre_tokenizer"] = TinyTokenizer.Sequence("pretokenizers", TinyTokenizer.ByteLevel(), Type("Syllables")),
            "$.pre_tokenizer.pretokenizers[1]: the pre-tokenizer 'Syllables'"),
        ["behavior"] = (r => r["pre_tokenizer"] = Split("Duplicated"), "$.pre_tokenizer.pretokenizers[0].behavior: 'Duplicated'"),
        ["sign of two characters"] = (r => r["pre_tokenizer"] = new JsonObject { ["type"] = "Metaspace", ["replacement"] = "__" },
            "$.pre_tokenizer.replacement: '__'"),
        ["scheme"] = (r => r["pre_tokenizer"] = new JsonObject { ["type"] = "Metaspace", ["replacement"] = "_", ["prepend_scheme"] = "last" },
            "$.pre_tokenizer.prepend_scheme: 'last'"),
        ["post-processor"] = (r => r["post_processor"] = Type("Reverse"), "$.post_processor: the post-processor 'Reverse'"),
        ["two post-processors that add"] = (r => r["post_processor"] = TinyTokenizer.Sequence("processors", Template(r).DeepClone(), Template(r).DeepClone()),
            "$.post_processor.processors[1]: a second post-processor that puts tokens around texts"),
        ["two post-processors that trim"] = (r => r["post_processor"] = TinyTokenizer.Sequence("processors", TinyTokenizer.ByteLevel(trim: true),
            TinyTokenizer.ByteLevel(trim: true)), "$.post_processor.processors[1]: a second post-processor that trims"),
        ["decoder"] = (r => r["decoder"] = Type("Shuffle"), "$.decoder: the decoder 'Shuffle'"),
        ["decoder that strips two"] = (r => r["decoder"] = new JsonObject { ["type"] = "Strip", ["content"] = "ab", ["start"] = 1, ["stop"] = 0 },
            "$.decoder.content: 'ab'"),
        ["truncation"] = (r => r["truncation"] = new JsonObject { ["max_length"] = 5, ["strategy"] = "Shortest", ["stride"] = 0 },
            "$.truncation: the strategy 'Shortest'"),
        ["padding"] = (r => r["padding"] = new JsonObject { ["strategy"] = "Longest", ["pad_id"] = 0 }, "$.padding.strategy: 'Longest'"),
    };

    public static TheoryData<string> Broken => [.. _broken.Keys];

    public static TheoryData<string> Unsupported => [.. _unsupported.Keys];

    [Theory, MemberData(nameof(Broken))]
    public void FromJson_BrokenFile_IsRefusedByPlace(string rule)
    {
        var (change, names) = _broken[rule];
        Should.Throw<InputFileException>(() => TokenizerFolder.Open(TinyTokenizer.Json(null, change))).Message.ShouldContain(names, Case.Sensitive);
    }

    [Theory, MemberData(nameof(Unsupported))]
    public void FromJson_UnsupportedComponent_IsRefusedByName(string component)
    {
        var (change, names) = _unsupported[component];
        var error = Should.Throw<UnsupportedException>(() => TokenizerFolder.Open(TinyTokenizer.Json(null, change)));
        error.Message.ShouldContain(names, Case.Sensitive);
        error.Message.ShouldContain("Supported", Case.Sensitive);
    }

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("{", "not valid JSON")]
    [InlineData("[]", "$ is a list")]
    [InlineData("null", "$ is null")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0,"b":""", "not valid JSON")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0,"a":1},"merges":[]}}""", "give 'a' two ids, 0 and 1")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"\ud800":0},"merges":[]}}""", "no Unicode text")]
    [InlineData("""{"model":{"type":"BPE"},"mode\ud800":0}""", "has a key that is no Unicode text")]
    [InlineData("""{"model":{"type":"\ud800"}}""", "$.model.type is no Unicode text")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0},"merges":["\udc00 a"]},"pre_tokenizer":{"type":"ByteLevel"},"decoder":{"type":"ByteLevel"}}""", "$.model.merges[0] is no Unicode text")]
    public void FromJson_BrokenText_IsRefused(string content, string names)
    {
        using var folder = new TokenizerFolder();
        folder.Write(content);
        Should.Throw<InputFileException>(() => TokenizerReader.FromJson(folder.File)).Message.ShouldContain(names, Case.Sensitive);
    }

    [Fact]
    public void FromJson_CutFile_IsRefusedWhereverItIsCut()
    {
        using var folder = new TokenizerFolder();
        var content = TinyTokenizer.Json().ToJsonString();
        for (var length = 0; length < content.Length; length += 97)
        {
            folder.Write(content[..length]);
            Should.Throw<InputFileException>(() => TokenizerReader.FromJson(folder.File));
        }
    }

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    [InlineData(100_000, false)]
    public void FromJson_DeepNesting_IsRefused(int depth, bool allowed)
    {
        using var folder = new TokenizerFolder();
        var content = TinyTokenizer.Json().ToJsonString();
        folder.Write(content[..^1] + ",\"more\":" + new string('[', depth) + new string(']', depth) + "}");
        if (allowed)
            TokenizerReader.FromJson(folder.File).Encode("a").Count.ShouldBe(1);
        else
            Should.Throw<InputFileException>(() => TokenizerReader.FromJson(folder.File)).Message.ShouldContain("not valid JSON");
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void FromJson_LargeFile_IsRefused(int beyond, bool allowed)
    {
        using var folder = new TokenizerFolder();
        folder.Write(TinyTokenizer.Json());
        using (var stream = new FileStream(folder.File, FileMode.Append))
        {
            var spaces = new byte[(64 << 20) + beyond - stream.Position];
            spaces.AsSpan().Fill((byte)' ');
            stream.Write(spaces);
        }
        if (allowed)
            TokenizerReader.FromJson(folder.File).Encode("a").Count.ShouldBe(1);
        else
            Should.Throw<InputFileException>(() => TokenizerReader.FromJson(folder.File)).Message.ShouldContain("67108865 bytes; at most 67108864");
    }

    [Fact]
    public void FromJson_AbsentFile_IsRefused()
    {
        using var folder = new TokenizerFolder();
        Should.Throw<InputFileException>(() => TokenizerReader.FromJson(folder.Folder)).Message.ShouldContain("tokenizer.json cannot be read");
    }

    [Fact]
    public void FromJson_InvalidUtf8_IsRefused()
    {
        using var folder = new TokenizerFolder();
        var bytes = Encoding.UTF8.GetBytes("""{"model":{"type":"BPE","vocab":{"?":0},"merges":[]}}""");
        bytes[Array.IndexOf(bytes, (byte)'?')] = 0xFF;
        File.WriteAllBytes(folder.File, bytes);
        Should.Throw<InputFileException>(() => TokenizerReader.FromJson(folder.File)).Message.ShouldContain("no Unicode text");
    }

    [Theory]
    [InlineData("[]", "tokenizer_config.json: $ is a list")]
    [InlineData("{", "tokenizer_config.json: not valid JSON")]
    [InlineData("""{"eos_token":"</s>"}""", "$.eos_token is '</s>', which tokenizer.json does not have")]
    [InlineData("""{"eos_token":{"text":"x"}}""", "$.eos_token lacks 'content'")]
    [InlineData("""{"bos_token":7}""", "$.bos_token is a number")]
    public void FromJson_BrokenConfig_IsRefusedByPlace(string config, string names) =>
        Should.Throw<InputFileException>(() => TokenizerFolder.Open(TinyTokenizer.Json(), config)).Message.ShouldContain(names, Case.Sensitive);

    private static JsonObject Type(string name) => new() { ["type"] = name };

    private static JsonObject Model(JsonObject root) => root["model"]!.AsObject();

    private static JsonObject Vocabulary(JsonObject root) => Model(root)["vocab"]!.AsObject();

    private static JsonArray Merges(JsonObject root) => Model(root)["merges"]!.AsArray();

    private static JsonArray Added(JsonObject root) => root["added_tokens"]!.AsArray();

    private static JsonObject Template(JsonObject root)
    {
        var template = TinyTokenizer.StartTemplate(Added(root)[0]!["id"]!.GetValue<int>());
        root["post_processor"] = template;
        return template;
    }

    private static JsonObject Replace(string kind, string pattern) => new()
    {
        ["type"] = "Replace",
        ["pattern"] = new JsonObject { [kind] = pattern },
        ["content"] = "",
    };

    private static JsonObject Split(string behavior)
    {
        var sequence = TinyTokenizer.SplitThenBytes("a");
        sequence["pretokenizers"]![0]!["behavior"] = behavior;
        return sequence;
    }
}
