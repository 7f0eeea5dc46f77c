using System.Diagnostics.CodeAnalysis;
using Octavo.Core.Sharding;
using Octavo.Core.Tensors;

namespace Octavo.Core.TorchPickle;

/// <summary>
/// The tensors of a file of torch.save (<c>.bin</c>, <c>.pt</c>, <c>.pth</c>), or of all shards that an index names, mapped into memory.
/// No code of the file is run: its pickle is read by a reader that knows only what weights need and refuses everything else by name.
/// Tensors that share a storage share its memory; a tensor that is not contiguous is copied when the file is opened. Reading is safe
/// from any thread; nothing may be read while or after it is disposed.
/// </summary>
public sealed class TorchPickleSource : TensorSource
{
    private readonly List<FileMemory> _memory = [];
    private readonly List<StoredTensor> _tensors = [];
    private readonly Dictionary<string, StoredTensor> _byName = new(StringComparer.Ordinal);
    private readonly List<string> _files = [];
    private readonly List<string> _notes = [];
    private bool _disposed;

    private TorchPickleSource(string path, bool memoryMap, string? entry)
    {
        Location = path;
        try
        {
            var file = Directory.Exists(path) ? TorchFolder.Find(path) : path;
            if (file.EndsWith(TorchFolder.IndexSuffix, StringComparison.Ordinal))
                ShardIndex.Read(file, TorchFolder.FileSuffix).Load(shard => AddFile(shard, memoryMap, entry));
            else
                _ = AddFile(file, memoryMap, entry);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens a file of torch.save, a <c>*.bin.index.json</c>, or a folder that holds <c>pytorch_model.bin</c> or its index. The file must
    /// hold a dict of tensors, or a dict with one such dict in it (such as <c>state_dict</c> or <c>model</c>; <see cref="Notes"/> says which
    /// was taken). Entries that are no tensors are passed over.
    /// </summary>
    /// <param name="path">File or folder.</param>
    /// <param name="memoryMap">False reads the files into memory instead of mapping them.</param>
    /// <param name="entry">The key of the file's dict whose tensors are meant, where there are several dicts of tensors; null to find it.</param>
    /// <exception cref="CheckpointException">
    /// A file is damaged, or its pickle asks for what weights do not need; the message names it and the place. Or several of its entries may
    /// be meant; the message names them.
    /// </exception>
    /// <exception cref="UnsupportedException">A tensor's type, the byte order, a TorchScript or a tar archive is not supported.</exception>
    /// <exception cref="ResourceException">The memory does not suffice to read the files or to copy tensors.</exception>
    public static TorchPickleSource Open(string path, bool memoryMap = true, string? entry = null) => new(path, memoryMap, entry);

    /// <summary>The files that hold the tensors: one, or the shards sorted by name.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>What was chosen and passed over, one sentence each; empty where the tensors are the whole of the files.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <inheritdoc/>
    public override string Location { get; }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The files are closed.</exception>
    public override IReadOnlyList<StoredTensor> Tensors
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _tensors;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The files are closed.</exception>
    public override bool TryGet(string name, [NotNullWhen(true)] out StoredTensor? tensor)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _byName.TryGetValue(name, out tensor);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _disposed = true;
        foreach (var memory in _memory)
            memory.Dispose();
    }

    private IEnumerable<string> AddFile(string path, bool memoryMap, string? entry)
    {
        var memory = FileMemory.Open(path, memoryMap);
        _memory.Add(memory);
        var state = StateDict.Find(path, TorchFile.ReadRoot(memory), entry);
        var copies = new TensorCopies(memory);
        try
        {
            foreach (var (name, tensor) in state.Tensors)
                Add(path, Stored(name, tensor, memory, copies));
        }
        finally
        {
            _memory.AddRange(copies.Memory);
        }
        _files.Add(path);
        if (state.Note is { } note && !_notes.Contains(note))
            _notes.Add(note);
        return state.Tensors.Select(tensor => tensor.Name);
    }

    private void Add(string path, StoredTensor tensor)
    {
        if (!_byName.TryAdd(tensor.Name, tensor))
            throw new CheckpointException($"{path}: the tensor '{PickleKind.Printable(tensor.Name)}' stands in two shards. Write the checkpoint again.");
        _tensors.Add(tensor);
    }

    private static StoredTensor Stored(string name, PickleTensor tensor, FileMemory memory, TensorCopies copies) => tensor.IsContiguous
        ? new StoredTensor(name, tensor.Type, tensor.Shape, memory, tensor.Storage.Offset + (tensor.First * tensor.Type.BlockBytes()))
        : new StoredTensor(name, tensor.Type, tensor.Shape, copies.Of(name, tensor), 0);
}
