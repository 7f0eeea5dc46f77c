using Octavo.Core;
using Octavo.Core.Tensors;
using Octavo.Core.Tokenizers;

namespace Octavo.Models;

/// <summary>
/// A checkpoint opened for use: the description of its architecture, its weights where they lie, and where its tokenizer and
/// chat template are. Opening maps files and checks every key and shape; it reads no weights.
/// </summary>
public sealed class Checkpoint : IDisposable
{
    /// <summary>Opens a folder in the hub's layout, a <c>.gguf</c> file (the first part of a split) or a <c>.safetensors</c> file with a config beside it.</summary>
    /// <param name="path">Folder or file.</param>
    /// <param name="memoryMap">False reads the weights into memory instead of mapping them.</param>
    /// <exception cref="CheckpointException">The files are bad, or their keys do not fit the description (the message holds the table).</exception>
    /// <exception cref="UnsupportedException">The architecture is not supported; the message lists those that are.</exception>
    public static Checkpoint Open(string path, bool memoryMap = true) => throw new UnsupportedException($"{path} {memoryMap}");

    /// <summary>The folder or file that was opened.</summary>
    public string Path => throw new UnsupportedException("not built yet");

    /// <summary>The architecture.</summary>
    public TextModel Model => throw new UnsupportedException("not built yet");

    /// <summary>The weights.</summary>
    public TensorSource Weights => throw new UnsupportedException("not built yet");

    /// <summary>Whether names and row orders are GGUF's.</summary>
    public bool IsGguf => throw new UnsupportedException("not built yet");

    /// <summary>The tensor behind a view; its shape has been checked.</summary>
    /// <param name="view">A view of <see cref="Model"/>.</param>
    public StoredTensor Resolve(View view) => throw new UnsupportedException(view.Name);

    /// <summary>Reads the tokenizer that belongs to the checkpoint.</summary>
    /// <exception cref="InputFileException">There is none, or it is bad.</exception>
    public Tokenizer LoadTokenizer() => throw new UnsupportedException("not built yet");

    /// <summary>The Jinja text of the checkpoint's chat template, or null where it has none.</summary>
    public string? ReadChatTemplate() => throw new UnsupportedException("not built yet");

    /// <summary>Ids named by the configuration as ends of a generation (<c>eos_token_id</c>, number or list), beyond the tokenizer's own.</summary>
    public IReadOnlyList<int> StopIds => throw new UnsupportedException("not built yet");

    /// <inheritdoc/>
    public void Dispose() { }
}
