using System.Diagnostics.CodeAnalysis;
using Octavo.Core.Tensors;

namespace Octavo.Core.Safetensors;

/// <summary>The tensors of one safetensors file, or of all shards that an index names, mapped into memory.</summary>
public sealed class SafetensorsSource : TensorSource
{
    /// <summary>Opens <c>model.safetensors</c>, a <c>*.safetensors.index.json</c>, or a folder that holds one of them.</summary>
    /// <param name="path">File or folder.</param>
    /// <param name="memoryMap">False reads the tensors into memory instead of mapping them.</param>
    /// <exception cref="CheckpointException">A file breaks a rule of the format; the message names the rule and the place.</exception>
    public static SafetensorsSource Open(string path, bool memoryMap = true) => throw new UnsupportedException($"{path}{memoryMap}");

    /// <summary>The <c>__metadata__</c> texts of the header (of the first shard, where there are several).</summary>
    public IReadOnlyDictionary<string, string> Metadata => throw new UnsupportedException("not built yet");

    /// <inheritdoc/>
    public override string Location => throw new UnsupportedException("not built yet");

    /// <inheritdoc/>
    public override IReadOnlyList<StoredTensor> Tensors => throw new UnsupportedException("not built yet");

    /// <inheritdoc/>
    public override bool TryGet(string name, [NotNullWhen(true)] out StoredTensor? tensor) => throw new UnsupportedException(name);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) { }
}
