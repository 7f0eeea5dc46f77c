namespace Octavo.Core.Tensors;

/// <summary>
/// A tensor as it lies in its file: a pointer into memory that its <see cref="TensorSource"/> owns.
/// Valid until the source is disposed. Safe to read from any thread.
/// </summary>
public sealed unsafe class StoredTensor
{
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
        Data = data;
        Elements = 1;
        foreach (var size in shape)
            Elements = checked(Elements * size);
        ByteLength = type.ByteLength(Elements);
    }

    /// <summary>Its name in the file.</summary>
    public string Name { get; }

    /// <summary>How its numbers are stored.</summary>
    public TensorType Type { get; }

    /// <summary>Slowest dimension first: a matrix is [rows, columns]. A scalar has no dimensions.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The product of <see cref="Shape"/>.</summary>
    public long Elements { get; }

    /// <summary>The first byte.</summary>
    public byte* Data { get; }

    /// <summary>How many bytes the tensor takes.</summary>
    public long ByteLength { get; }

    /// <summary>The bytes from <paramref name="offset"/> on, <paramref name="length"/> of them.</summary>
    /// <param name="offset">Where to begin, in bytes.</param>
    /// <param name="length">How many bytes.</param>
    public ReadOnlySpan<byte> Bytes(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + length, ByteLength);
        return new ReadOnlySpan<byte>(Data + offset, length);
    }
}
