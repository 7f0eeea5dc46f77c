using System.Text.Json.Nodes;
using Octavo.Core;
using Octavo.Core.Gguf;
using Octavo.Core.Store;
using Octavo.Core.Tensors;
using Octavo.Core.Tokenizers;
using Octavo.Core.TorchPickle;
using Octavo.Engine;
using Octavo.Models;

namespace Octavo.Cli.Inspect;

/// <summary>What a checkpoint is, read from its headers: no weights are touched. Owns what it opened.</summary>
internal sealed class Inspection : IDisposable
{
    private readonly Checkpoint? _checkpoint;

    private Inspection(string path, Checkpoint? checkpoint, TensorSource? tensors, string? unsupported)
    {
        _checkpoint = checkpoint;
        (Path, Tensors, Unsupported) = (path, tensors, unsupported);
        Metadata = checkpoint?.Metadata ?? (tensors as GgufFile)?.Metadata;
        Config = Metadata is null ? ReadConfig(path) : null;
        Template = ModelText.ReadTemplate(path);
        (Tokenizer, NoTokenizer) = ReadTokenizer(path);
        if (checkpoint is not null)
            Memory = MemoryEstimate.For(checkpoint);
    }

    public string Path { get; }

    /// <summary>The tensors, or null for a folder that holds a tokenizer only.</summary>
    public TensorSource? Tensors { get; }

    /// <summary>The metadata of a GGUF file.</summary>
    public GgufMetadata? Metadata { get; }

    /// <summary>The config.json of a folder.</summary>
    public JsonObject? Config { get; }

    /// <summary>The description, where the architecture is supported.</summary>
    public TextModel? Model => _checkpoint?.Model;

    /// <summary>What was found and passed over.</summary>
    public IReadOnlyList<string> Notes => _checkpoint?.Notes ?? (Tensors as TorchPickleSource)?.Notes ?? [];

    /// <summary>Keys of the configuration that were not used.</summary>
    public IReadOnlyList<string> UnknownKeys => _checkpoint?.UnknownKeys ?? [];

    /// <summary>Why the model cannot be run, or null.</summary>
    public string? Unsupported { get; }

    /// <summary>What running it takes, with the engine's own settings and one sequence of full length.</summary>
    public MemoryEstimate? Memory { get; }

    /// <summary>What the weights are stored as.</summary>
    public string Format => Tensors switch
    {
        GgufFile => "gguf",
        TorchPickleSource => "torch",
        null => "tokenizer",
        _ => "safetensors",
    };

    /// <summary>The format and how many files there are; null for a folder that holds a tokenizer only.</summary>
    public string? Files => Tensors switch
    {
        null => null,
        GgufFile gguf => Counted("GGUF", gguf.Metadata.Get("split.count", 1)),
        TorchPickleSource torch => Counted("torch.save", torch.Files.Count),
        _ => Counted("safetensors", Directory.Exists(Path) ? HubWeights.FilesIn(Path).Count : 1),
    };

    public Tokenizer? Tokenizer { get; }

    /// <summary>Why there is no tokenizer, or null.</summary>
    public string? NoTokenizer { get; }

    public string? Template { get; }

    /// <summary>What ends a generation: what the configuration names, and the tokenizer's own.</summary>
    public IReadOnlyList<int> StopIds => [.. (_checkpoint?.StopIds ?? []).Concat(Tokenizer?.StopIds ?? []).Distinct()];

    public long StoredBytes => Tensors?.Tensors.Sum(tensor => tensor.ByteLength) ?? 0;

    /// <summary>Tensors and bytes by type, the largest first.</summary>
    public IEnumerable<(TensorType Type, int Tensors, long Bytes)> Types => (Tensors?.Tensors ?? [])
        .GroupBy(tensor => tensor.Type)
        .Select(group => (group.Key, group.Count(), group.Sum(tensor => tensor.ByteLength)))
        .OrderByDescending(row => row.Item3);

    /// <param name="path">A model's folder or file, or a folder that holds a tokenizer only.</param>
    /// <exception cref="CheckpointException">The files are bad.</exception>
    public static Inspection Open(string path)
    {
        var picked = Directory.Exists(path) ? ModelFolder.Pick(path) : path;
        if (Directory.Exists(picked) && HubWeights.FilesIn(picked).Count == 0)
            return new Inspection(picked, null, null, null);
        try
        {
            var checkpoint = Checkpoint.Open(picked);
            return new Inspection(picked, checkpoint, checkpoint.Weights, null);
        }
        catch (UnsupportedException error)
        {
            TensorSource tensors = picked.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) ? GgufFile.Open(picked) : HubWeights.Open(picked);
            return new Inspection(picked, null, tensors, error.Message);
        }
    }

    public void Dispose()
    {
        if (_checkpoint is not null)
            _checkpoint.Dispose();
        else
            Tensors?.Dispose();
    }

    private static string Counted(string format, int files) => files == 1 ? $"{format}, one file" : $"{format}, {files} files";

    private static JsonObject? ReadConfig(string path)
    {
        var folder = Directory.Exists(path) ? path : System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        var file = System.IO.Path.Combine(folder, "config.json");
        return File.Exists(file) ? JsonNode.Parse(InputFile.ReadText(file)) as JsonObject : null;
    }

    private static (Tokenizer? Tokenizer, string? Reason) ReadTokenizer(string path)
    {
        if (!ModelText.HasTokenizer(path))
            return (null, "there is neither a tokenizer.json nor a SentencePiece model beside the weights");
        try
        {
            return (ModelText.LoadTokenizer(path), null);
        }
        catch (Exception error) when (error is UnsupportedException or InputFileException)
        {
            return (null, error.Message);
        }
    }
}
