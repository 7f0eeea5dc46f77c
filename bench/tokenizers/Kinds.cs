using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;
using Octavo.Core.Gguf;
using Octavo.Core.Tokenizers;
using Octavo.Core.Tokenizers.Conversion;

namespace Octavo.Bench.Tokenizers;

/// <summary>The tokenizer files that are raced.</summary>
/// <param name="root">The repository.</param>
/// <param name="models">The folder of models.</param>
/// <param name="scratch">A folder to write files to.</param>
internal sealed class Kinds(string root, string models, string scratch)
{
    private const string Digits = @"\p{N}";
    private const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <summary>All kinds by name; each is read when it is asked for.</summary>
    public IReadOnlyDictionary<string, Func<TokenizerKind>> All => new Dictionary<string, Func<TokenizerKind>>
    {
        ["smollm2"] = SmolLm2,
        ["qwen2_5"] = () => ByteLevel("qwen2_5"),
        ["llama3_1"] = () => ByteLevel("llama3_1"),
        ["llama2"] = () => Json("llama2", "BPE over characters, bytes for the rest"),
        ["clip"] = () => Json("clip", "BPE with marks at words' ends"),
        ["minilm"] = WordPiece,
        ["t5-like"] = () => Json("t5-like", "Unigram"),
        ["spm-bpe"] = () => SentencePiece("spm-bpe", "bpe-bytes.model", "SentencePiece BPE, bytes for the rest"),
        ["spm-unigram"] = () => SentencePiece("spm-unigram", "unigram-bytes.model", "SentencePiece Unigram, bytes for the rest"),
    };

    // The bundled model's own: Octavo reads it from the GGUF file, the others from the same vocabulary and merges written out.
    private TokenizerKind SmolLm2()
    {
        var folder = Path.Combine(root, "models/smollm2-135m-instruct");
        using var file = GgufFile.Open(Directory.EnumerateFiles(folder, "*.gguf").Order(StringComparer.Ordinal).First());
        var metadata = file.Metadata;
        var json = Path.Combine(scratch, "smollm2.json");
        File.WriteAllBytes(json, TokenizerFolderWriter.Files(metadata)[0].Content);
        return new TokenizerKind("smollm2", "byte-level BPE",
            [Racers.Octavo(() => TokenizerReader.FromGguf(metadata)), Racers.Rust(json), Racers.Microsoft(() => Bpe(json, [Digits, Gpt2]))]);
    }

    private TokenizerKind ByteLevel(string name)
    {
        var json = Published(name);
        var stage = JsonNode.Parse(File.ReadAllText(json))!["pre_tokenizer"]!["pretokenizers"]![0]!;
        var pattern = stage["pattern"]!["Regex"]!.GetValue<string>();
        return new TokenizerKind(name, "byte-level BPE", [Racers.Octavo(() => TokenizerReader.FromJson(json)), Racers.Rust(json),
            Racers.Microsoft(() => Bpe(json, [pattern]))]);
    }

    private TokenizerKind Json(string name, string algorithm)
    {
        var json = Published(name);
        return new TokenizerKind(name, algorithm, [Racers.Octavo(() => TokenizerReader.FromJson(json)), Racers.Rust(json)]);
    }

    // Neither cut nor filled up: the texts are longer than the model's input.
    private TokenizerKind WordPiece()
    {
        var content = JsonNode.Parse(File.ReadAllText(Path.Combine(models, "all-MiniLM-L6-v2/tokenizer.json")))!.AsObject();
        (content["truncation"], content["padding"]) = (null, null);
        var json = Path.Combine(scratch, "wordpiece.json");
        File.WriteAllText(json, content.ToJsonString());
        var pieces = Encoding.UTF8.GetBytes(string.Join('\n', content["model"]!["vocab"]!.AsObject()
            .OrderBy(entry => entry.Value!.GetValue<int>()).Select(entry => entry.Key)));
        return new TokenizerKind("minilm", "WordPiece", [Racers.Octavo(() => TokenizerReader.FromJson(json)), Racers.Rust(json),
            Racers.Bert(() => BertTokenizer.Create(new MemoryStream(pieces), new BertOptions { RemoveNonSpacingMarks = true }))]);
    }

    private TokenizerKind SentencePiece(string name, string file, string algorithm)
    {
        var path = Path.Combine(models, "tokenizers/sentencepiece", file);
        SentencePieceTokenizer Load() => SentencePieceTokenizer.Create(new MemoryStream(File.ReadAllBytes(path)), addBeginningOfSentence: false);
        return new TokenizerKind(name, algorithm,
            [Racers.Octavo(() => TokenizerReader.FromSentencePiece(path)), Racers.Microsoft(Load)]);
    }

    private static BpeTokenizer Bpe(string json, string[] patterns)
    {
        var model = JsonNode.Parse(File.ReadAllText(json))!["model"]!;
        var vocabulary = model["vocab"]!.AsObject().Select(entry => KeyValuePair.Create(entry.Key, entry.Value!.GetValue<int>()));
        static RegexPreTokenizer Stage(string pattern) => new(new Regex(pattern, RegexOptions.Compiled), null);
        PreTokenizer[] stages = [.. patterns.Select(Stage)];
        return BpeTokenizer.Create(new BpeOptions(vocabulary)
        {
            ByteLevel = true,
            Merges = [.. model["merges"]!.AsArray().Select(merge =>
                merge is JsonArray pair ? $"{pair[0]} {pair[1]}" : merge!.GetValue<string>())],
            PreTokenizer = stages.Length == 1 ? stages[0] : new CompositePreTokenizer(stages),
        });
    }

    private string Published(string name) => Path.Combine(models, "tokenizers", name, "tokenizer.json");
}
