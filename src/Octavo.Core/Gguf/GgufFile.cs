using System.Diagnostics.CodeAnalysis;
using Octavo.Core.Tensors;

namespace Octavo.Core.Gguf;

/// <summary>A GGUF file (version 2 or 3), or all parts of a split one, mapped into memory.</summary>
public sealed class GgufFile : TensorSource
{
    /// <summary>Opens a file; the name of a split's first part opens all parts.</summary>
    /// <param name="path">The file.</param>
    /// <param name="memoryMap">False reads it into memory instead of mapping it.</param>
    /// <exception cref="CheckpointException">The file breaks a rule of the format; the message names the rule and the place.</exception>
    public static GgufFile Open(string path, bool memoryMap = true) => throw new UnsupportedException($"{path}{memoryMap}");

    /// <summary>The key-value part (of the first part, where the file is split).</summary>
    public GgufMetadata Metadata => throw new UnsupportedException("not built yet");

    /// <inheritdoc/>
    public override string Location => throw new UnsupportedException("not built yet");

    /// <inheritdoc/>
    public override IReadOnlyList<StoredTensor> Tensors => throw new UnsupportedException("not built yet");

    /// <inheritdoc/>
    public override bool TryGet(string name, [NotNullWhen(true)] out StoredTensor? tensor) => throw new UnsupportedException(name);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) { }
}
