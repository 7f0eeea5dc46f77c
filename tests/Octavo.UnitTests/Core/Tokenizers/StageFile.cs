using System.Text.Json.Nodes;
using Octavo.Core.Tokenizers;

namespace Octavo.UnitTests.Core.Tokenizers;

/// <summary>Files whose ids show what one stage did: one token for each byte, and no merges.</summary>
internal static class StageFile
{
    /// <summary>A component with its fields.</summary>
    public static JsonObject Stage(string type, params (string Key, JsonNode? Value)[] fields)
    {
        var stage = new JsonObject { ["type"] = type };
        foreach (var (key, value) in fields)
            stage[key] = value;
        return stage;
    }

    /// <summary>Components one after another.</summary>
    public static JsonObject Sequence(string key, params JsonNode[] stages) => Stage("Sequence", (key, new JsonArray(stages)));

    public static JsonObject Regex(string pattern) => new() { ["Regex"] = pattern };

    public static JsonObject Text(string text) => new() { ["String"] = text };

    public static JsonObject Split(JsonNode pattern, string behavior = "Isolated", bool invert = false) =>
        Stage("Split", ("pattern", pattern), ("behavior", behavior), ("invert", invert));

    public static JsonObject Replace(JsonNode pattern, string content) => Stage("Replace", ("pattern", pattern), ("content", content));

    public static JsonObject Metaspace(string scheme = "always", bool split = true) =>
        Stage("Metaspace", ("replacement", "▁"), ("prepend_scheme", scheme), ("split", split));

    public static JsonObject ByteLevel(bool prefix, bool regex) =>
        Stage("ByteLevel", ("add_prefix_space", prefix), ("trim_offsets", false), ("use_regex", regex));

    /// <summary>Shows where a pre-tokenizer cuts: each piece gets a space before it.</summary>
    public static JsonObject ShowCuts(JsonNode preTokenizer) =>
        Root(Letters(), null, Sequence("pretokenizers", preTokenizer, ByteLevel(prefix: true, regex: false)), ByteLevel(prefix: false, regex: false));

    /// <summary>Shows what a normalizer makes of a text.</summary>
    public static JsonObject ShowText(JsonNode? normalizer, JsonNode? preTokenizer = null) =>
        Root(Bytes(), normalizer, preTokenizer, Sequence("decoders", Stage("ByteFallback"), Stage("Fuse")));

    public static JsonObject Root(JsonObject model, JsonNode? normalizer, JsonNode? preTokenizer, JsonNode? decoder, JsonNode? postProcessor = null) => new()
    {
        ["version"] = "1.0",
        ["truncation"] = null,
        ["padding"] = null,
        ["added_tokens"] = new JsonArray(),
        ["normalizer"] = normalizer,
        ["pre_tokenizer"] = preTokenizer,
        ["post_processor"] = postProcessor,
        ["decoder"] = decoder,
        ["model"] = model,
    };

    /// <summary>One token for each byte, spelt by a letter.</summary>
    public static JsonObject Letters() => Bpe(value => ByteAlphabet.Letter((byte)value).ToString());

    /// <summary>One token for each byte, spelt as a number, for characters without a piece.</summary>
    public static JsonObject Bytes()
    {
        var model = Bpe(value => $"<0x{value:X2}>");
        model["byte_fallback"] = true;
        return model;
    }

    private static JsonObject Bpe(Func<int, string> spelling) => Stage("BPE",
        ("dropout", null), ("unk_token", null), ("continuing_subword_prefix", null), ("end_of_word_suffix", null), ("fuse_unk", false),
        ("byte_fallback", false),
        ("vocab", new JsonObject(Enumerable.Range(0, 256).Select(value => KeyValuePair.Create(spelling(value), (JsonNode?)value)))),
        ("merges", new JsonArray()));
}
