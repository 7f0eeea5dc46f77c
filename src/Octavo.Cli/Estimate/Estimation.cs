using Octavo.Core;
using Octavo.Core.Store;
using Octavo.Core.Tensors;
using Octavo.Engine;
using Octavo.Models;

namespace Octavo.Cli.Estimate;

/// <summary>A model whose memory is estimated: a checkpoint, or a description without weights. Owns what it opened.</summary>
internal sealed class Estimation : IDisposable
{
    // what released checkpoints mostly are
    private const TensorType Assumed = TensorType.BF16;

    private readonly Checkpoint? _checkpoint;

    private Estimation(string path, Checkpoint? checkpoint, TextModel model, TensorType? type)
    {
        _checkpoint = checkpoint;
        (Path, Model, Type) = (path, model, type);
    }

    public string Path { get; }

    public TextModel Model { get; }

    /// <summary>What the matrices would be converted to; null leaves them as they are stored.</summary>
    public TensorType? Type { get; }

    /// <summary>What the weights are, for people.</summary>
    public string Weights => (_checkpoint, Type) switch
    {
        ({ } checkpoint, null) => $"{TypesOf(checkpoint)}, as they are stored",
        ({ }, { } type) => $"as if they were converted to {type}",
        (null, { } type) => $"{type}, of which there are none here",
        (null, null) => $"assumed to be {Assumed}, since there are none here; --type says otherwise",
    };

    /// <param name="path">A model's folder or file, a <c>config.json</c>, or a folder that holds one without weights.</param>
    /// <param name="type">What the matrices would be converted to.</param>
    /// <exception cref="CheckpointException">The files are bad.</exception>
    /// <exception cref="UnsupportedException">The architecture is not supported.</exception>
    public static Estimation Open(string path, TensorType? type)
    {
        var picked = Directory.Exists(path) ? ModelFolder.Pick(path) : path;
        var config = Directory.Exists(picked) && HubWeights.FilesIn(picked).Count == 0 ? System.IO.Path.Combine(picked, "config.json") : picked;
        if (config.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            return File.Exists(config)
                ? new Estimation(config, null, Architectures.Describe(config), type)
                : throw new InputFileException($"{path}: the folder holds neither weights nor a config.json. Give a model's folder or file, or a config.json.");
        }
        var checkpoint = Checkpoint.Open(picked);
        return new Estimation(picked, checkpoint, checkpoint.Model, type);
    }

    /// <summary>Estimates.</summary>
    /// <param name="options">How it would be run.</param>
    /// <param name="batch">Sequences at once.</param>
    /// <param name="type">Takes the place of the type asked for.</param>
    public MemoryEstimate Run(EngineOptions options, int batch, TensorType? type = null) => _checkpoint is not null
        ? MemoryEstimate.For(_checkpoint, options, batch, type ?? Type)
        : MemoryEstimate.For(Model, type ?? Type ?? Assumed, options, batch);

    public void Dispose() => _checkpoint?.Dispose();

    private static string TypesOf(Checkpoint checkpoint) => string.Join(", ", checkpoint.Weights.Tensors
        .GroupBy(tensor => tensor.Type).OrderByDescending(group => group.Sum(tensor => tensor.ByteLength)).Select(group => group.Key));
}
