using System.Text.Json.Nodes;
using Octavo.Core.Gguf;

namespace Octavo.Bench.Tokenizers;

/// <summary>The tokenizer of the bundled model as tokenizer.json, for those who do not read GGUF.</summary>
internal static class BundledTokenizer
{
    private const int Control = 3;

    /// <summary>Digits one by one, GPT-2's pattern, byte-level BPE.</summary>
    /// <param name="metadata">The metadata of the GGUF file.</param>
    public static JsonObject Json(GgufMetadata metadata)
    {
        var tokens = metadata.Get<string[]>("tokenizer.ggml.tokens");
        var kinds = metadata.Get<int[]>("tokenizer.ggml.token_type");
        var merges = metadata.Get<string[]>("tokenizer.ggml.merges");
        return new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray([.. Enumerable.Range(0, tokens.Length).Where(id => kinds[id] == Control)
                .Select(id => Added(id, tokens[id]))]),
            ["normalizer"] = null,
            ["pre_tokenizer"] = new JsonObject
            {
                ["type"] = "Sequence",
                ["pretokenizers"] = new JsonArray(new JsonObject { ["type"] = "Digits", ["individual_digits"] = true }, Bytes()),
            },
            ["post_processor"] = null,
            ["decoder"] = Bytes(),
            ["model"] = Model(tokens, merges),
        };
    }

    private static JsonObject Model(string[] tokens, string[] merges) => new()
    {
        ["type"] = "BPE",
        ["dropout"] = null,
        ["unk_token"] = null,
        ["continuing_subword_prefix"] = null,
        ["end_of_word_suffix"] = null,
        ["fuse_unk"] = false,
        ["byte_fallback"] = false,
        ["vocab"] = new JsonObject(tokens.Select((token, id) => KeyValuePair.Create(token, (JsonNode?)id))),
        ["merges"] = new JsonArray([.. merges.Select(merge => (JsonNode)merge)]),
    };

    private static JsonObject Bytes() =>
        new() { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = false, ["use_regex"] = true };

    private static JsonObject Added(int id, string content) => new()
    {
        ["id"] = id,
        ["content"] = content,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = false,
        ["special"] = true,
    };
}
