using System.Diagnostics.CodeAnalysis;
using Octavo.Core.Tensors;

namespace Octavo.Core.Gguf;

/// <summary>
/// A GGUF file (version 2 or 3), or all parts of a split one, mapped into memory. Everything in the head is checked against the file's
/// length when it is opened. Reading is safe from any thread; nothing may be read while or after it is disposed.
/// </summary>
public sealed class GgufFile : TensorSource
{
    private readonly List<FileMemory> _memory = [];
    private readonly List<StoredTensor> _tensors = [];
    private readonly Dictionary<string, StoredTensor> _byName = new(StringComparer.Ordinal);
    private readonly List<GgufPart> _parts = [];
    private bool _disposed;

    private GgufFile(string path, bool memoryMap)
    {
        Location = path;
        try
        {
            Metadata = AddPart(path, memoryMap, 1);
            var number = 1;
            foreach (var part in GgufSplit.LaterParts(path, Metadata))
            {
                number++;
                if (!File.Exists(part))
                    throw new CheckpointException($"{path}: part {number} is missing: there is no file {part}. "
                        + "Put all parts into one folder.");
                AddPart(part, memoryMap, number);
            }
            GgufSplit.CheckTotal(path, Metadata, _tensors.Count);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Opens a file; the name of a split's first part opens all parts.</summary>
    /// <param name="path">The file.</param>
    /// <param name="memoryMap">False reads it into memory instead of mapping it.</param>
    /// <exception cref="CheckpointException">The file breaks a rule of the format; the message names the rule and the place.</exception>
    /// <exception cref="UnsupportedException">The file is big-endian, has another version or a tensor of an unsupported type.</exception>
    /// <exception cref="ResourceException">The memory does not suffice to read the file.</exception>
    public static GgufFile Open(string path, bool memoryMap = true) => new(path, memoryMap);

    /// <summary>The key-value part (of the first part, where the file is split).</summary>
    public GgufMetadata Metadata { get; }

    /// <summary>The files, in order: one, or the parts of a split.</summary>
    public IReadOnlyList<GgufPart> Parts => _parts;

    /// <summary>GGUF's version in the (first) file's head: 2 or 3.</summary>
    public int FormatVersion => _parts[0].FormatVersion;

    /// <summary>The alignment of tensors in the (first) file, in bytes.</summary>
    public int Alignment => _parts[0].Alignment;

    /// <summary>The byte at which the data section of the (first) file begins.</summary>
    public long DataOffset => _parts[0].DataOffset;

    /// <inheritdoc/>
    public override string Location { get; }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public override IReadOnlyList<StoredTensor> Tensors
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _tensors;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
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

    private GgufMetadata AddPart(string path, bool memoryMap, int number)
    {
        var memory = FileMemory.Open(path, memoryMap);
        _memory.Add(memory);
        var header = GgufHeaderReader.Read(memory);
        var metadata = new GgufMetadata(path, header.Metadata);
        if (number > 1)
            GgufSplit.CheckPart(path, metadata, number, Metadata);
        foreach (var entry in header.Tensors)
        {
            var tensor = new StoredTensor(entry.Name, entry.Type, entry.Shape, memory, header.DataOffset + (long)entry.Offset);
            if (!_byName.TryAdd(entry.Name, tensor))
                throw new CheckpointException($"{path}: byte {entry.At}: the tensor '{entry.Name}' stands in an earlier part too. "
                    + "A part is repeated; get it again.");
            _tensors.Add(tensor);
        }
        _parts.Add(new GgufPart(path, memory.Length, (int)header.Version, header.Alignment, header.DataOffset, header.Tensors.Count));
        return metadata;
    }
}
