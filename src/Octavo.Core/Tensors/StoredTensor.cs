namespace Octavo.Core.Tensors;

/// <summary>
/// A tensor as it lies in its file: a pointer into memory that its <see cref="TensorSource"/> owns.
/// Valid until the source is disposed; after that <see cref="Data"/> and <see cref="Bytes"/> throw, but a pointer or span taken before
/// then must not be used any more. Safe to read from any thread. The first byte is aligned as the file has it, which may be not at all.
/// </summary>
public sealed unsafe class StoredTensor
{
    private readonly byte* _data;
    private readonly FileMemory? _owner;

    /// <summary>Describes a tensor at <paramref name="data"/>.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <param name="type">How its numbers are stored.</param>
    /// <param name="shape">Slowest dimension first, so a matrix is [rows, columns].</param>
    /// <param name="data">Its first byte.</param>
    public StoredTensor(string name, TensorType type, IReadOnlyList<long> shape, byte* data)
    {
        Name = name;
        Type = type;
        Shape = shape;
        _data = data;
        Elements = 1;
        foreach (var size in shape)
            Elements = checked(Elements * size);
        ByteLength = type.ByteLength(Elements);
    }

    internal StoredTensor(string name, TensorType type, IReadOnlyList<long> shape, FileMemory owner, long offset)
        : this(name, type, shape, owner.Data + offset) => _owner = owner;

    /// <summary>Its name in the file.</summary>
    public string Name { get; }

    /// <summary>How its numbers are stored.</summary>
    public TensorType Type { get; }

    /// <summary>Slowest dimension first: a matrix is [rows, columns]. A scalar has no dimensions.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The product of <see cref="Shape"/>.</summary>
    public long Elements { get; }

    /// <summary>The first byte.</summary>
    /// <exception cref="ObjectDisposedException">The file that the tensor came from is closed.</exception>
    public byte* Data
    {
        get
        {
            if (_owner is { IsDisposed: true })
                throw new ObjectDisposedException(Name, $"The file {_owner.Path} is closed; the tensor '{Name}' went with it.");
            return _data;
        }
    }

    /// <summary>How many bytes the tensor takes.</summary>
    public long ByteLength { get; }

    /// <summary>The bytes from <paramref name="offset"/> on, <paramref name="length"/> of them.</summary>
    /// <param name="offset">Where to begin, in bytes.</param>
    /// <param name="length">How many bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the tensor.</exception>
    /// <exception cref="ObjectDisposedException">The file that the tensor came from is closed.</exception>
    public ReadOnlySpan<byte> Bytes(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, ByteLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, ByteLength - offset);
        return new ReadOnlySpan<byte>(Data + offset, length);
    }

    /// <summary>
    /// Gives the memory of a mapped tensor back to the system, for one that was copied and is hardly read any more. Reading it stays possible:
    /// its pages are then fetched from the file again. Where the file is not mapped nothing happens.
    /// </summary>
    public void GiveBack() => _owner?.GiveBack(Data, ByteLength);
}
