using System.Text.Json.Nodes;

namespace Octavo.TestKit;

/// <summary>A tokenizer of 259 tokens: ids 0 to 255 are bytes, 256 is &lt;|endoftext|&gt;, 257 and 258 are ChatML's.</summary>
public static class TinyByteTokenizer
{
    /// <summary>How many tokens it has.</summary>
    public const int Size = 259;

    /// <summary>Writes its files; &lt;|endoftext|&gt; begins, ends and fills up texts.</summary>
    /// <param name="folder">Is made where it is not there.</param>
    /// <param name="template">The chat template's file; null for none.</param>
    /// <returns>The folder.</returns>
    public static string Write(string folder, string? template = null)
    {
        Directory.CreateDirectory(folder);
        var letters = ByteLetters();
        var vocabulary = new JsonObject();
        for (var i = 0; i < 256; i++)
            vocabulary[letters[i].ToString()] = i;
        string[] specials = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];
        var json = new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray([.. specials.Select((content, i) => (JsonNode)new JsonObject
            {
                ["id"] = 256 + i, ["content"] = content, ["single_word"] = false, ["lstrip"] = false,
                ["rstrip"] = false, ["normalized"] = false, ["special"] = true,
            })]),
            ["normalizer"] = null,
            ["pre_tokenizer"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = false, ["use_regex"] = true },
            ["post_processor"] = null,
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel" },
            ["model"] = new JsonObject { ["type"] = "BPE", ["vocab"] = vocabulary, ["merges"] = new JsonArray() },
        };
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), json.ToJsonString());
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"),
            """{"eos_token": "<|endoftext|>", "bos_token": "<|endoftext|>", "pad_token": "<|endoftext|>"}""");
        if (template is not null)
            File.WriteAllText(Path.Combine(folder, "chat_template.jinja"), template);
        return folder;
    }

    private static char[] ByteLetters()
    {
        var letters = new char[256];
        var next = 256;
        for (var i = 0; i < 256; i++)
            letters[i] = i is >= 33 and <= 126 or >= 161 and <= 172 or >= 174 ? (char)i : (char)next++;
        return letters;
    }
}
