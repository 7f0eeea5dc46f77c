using System.Text;
using System.Text.Json.Nodes;
using Octavo.Core.Tokenizers;

namespace Octavo.UnitTests.Core.Tokenizers;

/// <summary>
/// A byte-level vocabulary of our own: every byte, what the merges make, four added tokens. The merges join words, and marks with the first bytes
/// of other scripts, so that a wrong split shows in the ids.
/// </summary>
internal static class TinyTokenizer
{
    public const string Gpt2Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    public const string Llama3Pattern =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    public static string Qwen2Pattern => Llama3Pattern.Replace("{1,3}", "", StringComparison.Ordinal);

    private static readonly string[] _words =
    [
        "the", " the", "hello", " hello", "world", " world", "it", " it", "'s", "'S", "'ll", "n't", "don", "12", "123", "1234", "000", "..", "...", "!!",
        "  ", "    ", "\n\n", "\r\n", " \n", "\n ", "x\n", "é", "é ", "ñ", "ба", "ال", "你好", "\u00A0", "\u2003", "😀", "a1", "1a", "!a", "a!", "a ", "\t\t",
    ];

    /// <summary>Merges in order, spelt in letters.</summary>
    public static IReadOnlyList<(string Left, string Right)> Merges { get; } = MakeMerges();

    /// <summary>The letters of a text's bytes.</summary>
    public static string Letters(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(b => ByteAlphabet.Letter(b)));

    /// <summary>The file's content.</summary>
    /// <param name="preTokenizer">Stages; the last one must be ByteLevel. Null: GPT-2's.</param>
    /// <param name="change">Changes the content further.</param>
    public static JsonObject Json(JsonNode? preTokenizer = null, Action<JsonObject>? change = null)
    {
        var root = new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray(Added("<|start|>"), Added("<|end|>"), Added("<tool>", special: false), Added("<tool>s", special: false)),
            ["normalizer"] = null,
            ["pre_tokenizer"] = preTokenizer ?? ByteLevel(),
            ["post_processor"] = null,
            ["decoder"] = ByteLevel(),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["dropout"] = null,
                ["unk_token"] = null,
                ["continuing_subword_prefix"] = null,
                ["end_of_word_suffix"] = null,
                ["fuse_unk"] = false,
                ["byte_fallback"] = false,
                ["vocab"] = Vocabulary(),
                ["merges"] = new JsonArray([.. Merges.Select(m => (JsonNode)$"{m.Left} {m.Right}")]),
            },
        };
        var id = root["model"]!["vocab"]!.AsObject().Count;
        foreach (var token in root["added_tokens"]!.AsArray())
            token!["id"] = id++;
        change?.Invoke(root);
        return root;
    }

    public static JsonObject ByteLevel(bool prefix = false, bool regex = true, bool trim = false) => new()
    {
        ["type"] = "ByteLevel",
        ["add_prefix_space"] = prefix,
        ["trim_offsets"] = trim,
        ["use_regex"] = regex,
    };

    public static JsonObject Split(string pattern) => new()
    {
        ["type"] = "Split",
        ["pattern"] = new JsonObject { ["Regex"] = pattern },
        ["behavior"] = "Isolated",
        ["invert"] = false,
    };

    public static JsonObject Digits(bool individual) => new() { ["type"] = "Digits", ["individual_digits"] = individual };

    public static JsonObject Sequence(string key, params JsonNode[] stages) => new() { ["type"] = "Sequence", [key] = new JsonArray(stages) };

    /// <summary>Split by a pattern, then bytes.</summary>
    public static JsonObject SplitThenBytes(string pattern) => Sequence("pretokenizers", Split(pattern), ByteLevel(regex: false));

    /// <summary>Puts the start token before a text.</summary>
    public static JsonObject StartTemplate(int start) => new()
    {
        ["type"] = "TemplateProcessing",
        ["single"] = new JsonArray(
            new JsonObject { ["SpecialToken"] = new JsonObject { ["id"] = "<|start|>", ["type_id"] = 0 } },
            new JsonObject { ["Sequence"] = new JsonObject { ["id"] = "A", ["type_id"] = 0 } }),
        ["pair"] = new JsonArray(
            new JsonObject { ["Sequence"] = new JsonObject { ["id"] = "A", ["type_id"] = 0 } },
            new JsonObject { ["Sequence"] = new JsonObject { ["id"] = "B", ["type_id"] = 1 } }),
        ["special_tokens"] = new JsonObject
        {
            ["<|start|>"] = new JsonObject { ["id"] = "<|start|>", ["ids"] = new JsonArray(start), ["tokens"] = new JsonArray("<|start|>") },
        },
    };

    private static JsonObject Added(string content, bool special = true) => new()
    {
        ["content"] = content,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = false,
        ["special"] = special,
    };

    private static JsonObject Vocabulary()
    {
        var vocabulary = new JsonObject();
        for (var value = 0; value < 256; value++)
            vocabulary[ByteAlphabet.Letter((byte)value).ToString()] = value;
        foreach (var (left, right) in Merges)
        {
            if (!vocabulary.ContainsKey(left + right))
                vocabulary[left + right] = vocabulary.Count;
        }
        return vocabulary;
    }

    private static List<(string, string)> MakeMerges()
    {
        List<(string, string)> merges = [];
        foreach (var mark in "x1! \n")
        {
            // 0xC2 to 0xF4 begin a character of more than one byte.
            for (var lead = 0xC2; lead <= 0xF4; lead++)
                merges.Add((Letters(mark.ToString()), ByteAlphabet.Letter((byte)lead).ToString()));
        }
        // 0x80 to 0xBF end one.
        for (var last = 0x80; last <= 0xBF; last++)
            merges.Add((ByteAlphabet.Letter((byte)last).ToString(), "x"));
        foreach (var word in _words)
        {
            var letters = Letters(word);
            var body = letters.Length > 1 && letters[0] == ByteAlphabet.Space && letters[1] != ByteAlphabet.Space ? letters[1..] : letters;
            for (var end = 1; end < body.Length; end++)
                AddMerge(merges, body[..end], body[end..(end + 1)]);
            if (body.Length < letters.Length)
                AddMerge(merges, letters[..1], body);
        }
        return merges;
    }

    private static void AddMerge(List<(string, string)> merges, string left, string right)
    {
        if (!merges.Contains((left, right)))
            merges.Add((left, right));
    }
}
