using System.Diagnostics.CodeAnalysis;

namespace Octavo.Core.Tensors;

/// <summary>
/// Where weights come from: a GGUF file, safetensors files, files of torch.save, or a model under training that lends its tensors.
/// Disposing it ends the validity of every tensor it gave.
/// </summary>
public abstract class TensorSource : IDisposable
{
    /// <summary>What the tensors were read from, for messages: a file or a folder.</summary>
    public abstract string Location { get; }

    /// <summary>Every tensor, in the file's order.</summary>
    public abstract IReadOnlyList<StoredTensor> Tensors { get; }

    /// <summary>Rises whenever the values behind the pointers may have changed; 0 for files.</summary>
    public virtual long Version => 0;

    /// <summary>Finds a tensor by its name.</summary>
    /// <param name="name">The name in the file, case-sensitive.</param>
    /// <param name="tensor">The tensor, if there is one.</param>
    public abstract bool TryGet(string name, [NotNullWhen(true)] out StoredTensor? tensor);

    /// <summary>Releases the mapping or the lease.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the source holds.</summary>
    /// <param name="disposing">True when called by <see cref="Dispose()"/>.</param>
    protected abstract void Dispose(bool disposing);
}
