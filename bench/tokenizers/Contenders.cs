using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.Tokenizers;
using Octavo.Core.Gguf;
using Octavo.Core.Tokenizers;

namespace Octavo.Bench.Tokenizers;

/// <summary>The tokenizers of each kind, Octavo's first.</summary>
/// <param name="root">The repository.</param>
/// <param name="models">The folder of models.</param>
/// <param name="scratch">A folder to write files to.</param>
internal sealed class Contenders(string root, string models, string scratch)
{
    /// <summary>The bundled model's vocabulary under GPT-2's pattern.</summary>
    public Contender[] Gpt2()
    {
        var json = WriteGpt2(out var vocabulary, out var merges);
        using var vocabularyStream = new MemoryStream(Encoding.UTF8.GetBytes(vocabulary));
        using var mergesStream = new MemoryStream(Encoding.UTF8.GetBytes(merges));
        var other = CodeGenTokenizer.Create(
            vocabularyStream, mergesStream, addPrefixSpace: false, addBeginOfSentence: false, addEndOfSentence: false);
        return [Mine(json), Library(json), Theirs(text => other.EncodeToIds(text))];
    }

    /// <summary>Llama 2: bytes for what has no piece, no splitting before merging.</summary>
    public Contender[] Llama() => FromJson(Path.Combine(models, "tokenizers/llama2/tokenizer.json"));

    /// <summary>Llama 3.1: 128 thousand pieces, numbers in groups of three.</summary>
    public Contender[] Llama3() => FromJson(Path.Combine(models, "tokenizers/llama3_1/tokenizer.json"));

    /// <summary>CLIP: marks at the ends of words.</summary>
    public Contender[] Clip() => FromJson(Path.Combine(models, "tokenizers/clip/tokenizer.json"));

    /// <summary>WordPiece: all-MiniLM-L6-v2, neither cut nor filled up.</summary>
    public Contender[] WordPiece()
    {
        var content = JsonNode.Parse(File.ReadAllText(Path.Combine(models, "all-MiniLM-L6-v2/tokenizer.json")))!.AsObject();
        (content["truncation"], content["padding"]) = (null, null);
        var json = Path.Combine(scratch, "wordpiece.json");
        File.WriteAllText(json, content.ToJsonString());
        var pieces = content["model"]!["vocab"]!.AsObject().OrderBy(entry => entry.Value!.GetValue<int>()).Select(entry => entry.Key);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', pieces)));
        var other = BertTokenizer.Create(stream);
        return [Mine(json), Library(json), Theirs(text => other.EncodeToIds(text, addSpecialTokens: false))];
    }

    /// <summary>Unigram as T5 has it, a small vocabulary.</summary>
    public Contender[] Unigram() => FromJson(Path.Combine(models, "tokenizers/t5-like/tokenizer.json"));

    /// <summary>A SentencePiece model file, which the library does not read.</summary>
    public Contender[] SentencePiece(string name)
    {
        var path = Path.Combine(models, "tokenizers/sentencepiece", name);
        var mine = TokenizerReader.FromSentencePiece(path);
        using var stream = File.OpenRead(path);
        var other = SentencePieceTokenizer.Create(stream, addBeginningOfSentence: false);
        return [new Contender("Octavo", text => Ids(mine.Encode(text))), Theirs(text => other.EncodeToIds(text))];
    }

    private static Contender[] FromJson(string json) => [Mine(json), Library(json)];

    private static Contender Mine(string json)
    {
        var tokenizer = TokenizerReader.FromJson(json);
        return new Contender("Octavo", text => Ids(tokenizer.Encode(text, addSpecial: true)));
    }

    private static Contender Library(string json)
    {
        var tokenizer = new global::Tokenizers.DotNet.Tokenizer(json);
        return new Contender("tokenizers", text => Array.ConvertAll(tokenizer.Encode(text), id => (int)id));
    }

    private static Contender Theirs(Func<string, IReadOnlyList<int>> encode) => new("ML.Tokenizers", text => [.. encode(text)]);

    private static int[] Ids(IReadOnlyList<Token> tokens)
    {
        var ids = new int[tokens.Count];
        for (var i = 0; i < ids.Length; i++)
            ids[i] = tokens[i].Id;
        return ids;
    }

    private string WriteGpt2(out string vocabulary, out string merges)
    {
        var folder = Path.Combine(root, "models/smollm2-135m-instruct");
        using var file = GgufFile.Open(Directory.EnumerateFiles(folder, "*.gguf").Order(StringComparer.Ordinal).First());
        var tokens = file.Metadata.Get<string[]>("tokenizer.ggml.tokens");
        var pairs = file.Metadata.Get<string[]>("tokenizer.ggml.merges");
        var entries = new JsonObject(tokens.Select((token, id) => KeyValuePair.Create(token, (JsonNode?)id)));
        vocabulary = entries.ToJsonString();
        merges = "#version: 0.2\n" + string.Join('\n', pairs) + "\n";
        var path = Path.Combine(scratch, "gpt2.json");
        File.WriteAllText(path, Content(entries, pairs).ToJsonString(new JsonSerializerOptions { WriteIndented = false }));
        return path;
    }

    private static JsonObject Content(JsonObject vocabulary, string[] merges)
    {
        static JsonObject Bytes() =>
            new() { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = false, ["use_regex"] = true };
        return new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray(),
            ["normalizer"] = null,
            ["pre_tokenizer"] = Bytes(),
            ["post_processor"] = null,
            ["decoder"] = Bytes(),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["dropout"] = null,
                ["unk_token"] = null,
                ["continuing_subword_prefix"] = null,
                ["end_of_word_suffix"] = null,
                ["fuse_unk"] = false,
                ["byte_fallback"] = false,
                ["vocab"] = vocabulary,
                ["merges"] = new JsonArray([.. merges.Select(merge => (JsonNode)merge)]),
            },
        };
    }
}
