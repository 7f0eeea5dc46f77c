using System.Diagnostics.CodeAnalysis;
using Octavo.Core.Sharding;
using Octavo.Core.Tensors;

namespace Octavo.Core.Safetensors;

/// <summary>
/// The tensors of one safetensors file, or of all shards that an index names, mapped into memory. Everything in the headers is checked
/// against the files' lengths when they are opened. Reading is safe from any thread; nothing may be read while or after it is disposed.
/// </summary>
public sealed class SafetensorsSource : TensorSource
{
    private readonly List<FileMemory> _memory = [];
    private readonly List<StoredTensor> _tensors = [];
    private readonly Dictionary<string, StoredTensor> _byName = new(StringComparer.Ordinal);
    private readonly List<string> _files = [];
    private IReadOnlyDictionary<string, string>? _metadata;
    private bool _disposed;

    private SafetensorsSource(string path, bool memoryMap)
    {
        Location = path;
        try
        {
            var file = Directory.Exists(path) ? SafetensorsFolder.Find(path) : path;
            if (file.EndsWith(SafetensorsFolder.IndexSuffix, StringComparison.Ordinal))
                ShardIndex.Read(file, SafetensorsFolder.FileSuffix).Load(shard => AddFile(shard, memoryMap));
            else
                AddFile(file, memoryMap);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Opens <c>model.safetensors</c>, a <c>*.safetensors.index.json</c>, or a folder that holds one of them.</summary>
    /// <param name="path">File or folder.</param>
    /// <param name="memoryMap">False reads the tensors into memory instead of mapping them.</param>
    /// <exception cref="CheckpointException">A file breaks a rule of the format; the message names the rule and the place.</exception>
    /// <exception cref="UnsupportedException">A tensor has a dtype that is not supported.</exception>
    /// <exception cref="ResourceException">The memory does not suffice to read the files.</exception>
    public static SafetensorsSource Open(string path, bool memoryMap = true) => new(path, memoryMap);

    /// <summary>The <c>__metadata__</c> texts of the header (of the first shard, where there are several).</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata!;

    /// <summary>The files that hold the tensors: one, or the shards sorted by name.</summary>
    public IReadOnlyList<string> Files => _files;

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

    private IEnumerable<string> AddFile(string path, bool memoryMap)
    {
        var memory = FileMemory.Open(path, memoryMap);
        _memory.Add(memory);
        var header = SafetensorsHeaderReader.Read(memory);
        foreach (var entry in header.Tensors)
        {
            var tensor = new StoredTensor(entry.Name, entry.Type, entry.Shape, memory, header.DataOffset + entry.Begin);
            if (!_byName.TryAdd(entry.Name, tensor))
                throw new CheckpointException($"{path}: byte {entry.At}: the tensor '{entry.Name}' stands in two shards. "
                    + "Write the checkpoint again.");
            _tensors.Add(tensor);
        }
        _files.Add(path);
        _metadata ??= header.Metadata;
        return header.Tensors.Select(entry => entry.Name);
    }
}
