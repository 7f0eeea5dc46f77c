namespace Octavo.Core.Tensors;

/// <summary>A tensor that is to be written to a file: what it is called, what it looks like, and how its bytes are made, while they are written.</summary>
public sealed class OutgoingTensor
{
    private const int StepBytes = 16 << 20;

    private readonly Action<Stream> _write;

    /// <summary>Describes a tensor.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <param name="type">How its numbers are stored.</param>
    /// <param name="shape">Slowest dimension first: a matrix is [rows, columns].</param>
    /// <param name="write">Writes exactly <see cref="ByteLength"/> bytes; asked once per file.</param>
    /// <exception cref="ShapeException">The numbers do not fill whole blocks of the type.</exception>
    public OutgoingTensor(string name, TensorType type, IReadOnlyList<long> shape, Action<Stream> write)
    {
        (Name, Type, Shape, _write) = (name, type, shape, write);
        Elements = shape.Aggregate(1L, (product, size) => checked(product * size));
        ByteLength = type.ByteLength(Elements);
    }

    /// <summary>Its name in the file.</summary>
    public string Name { get; }

    /// <summary>How its numbers are stored.</summary>
    public TensorType Type { get; }

    /// <summary>Slowest dimension first.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The product of <see cref="Shape"/>.</summary>
    public long Elements { get; }

    /// <summary>How many bytes it takes.</summary>
    public long ByteLength { get; }

    /// <summary>A tensor that is written as it lies.</summary>
    /// <param name="tensor">A tensor whose source stays open until it is written.</param>
    public static OutgoingTensor Of(StoredTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return new OutgoingTensor(tensor.Name, tensor.Type, tensor.Shape, stream => Copy(tensor, stream));
    }

    /// <summary>Writes the bytes.</summary>
    /// <exception cref="ShapeException">Another number of bytes was written than the tensor takes.</exception>
    internal void WriteTo(Stream stream)
    {
        var start = stream.Position;
        _write(stream);
        if (stream.Position - start != ByteLength)
            throw new ShapeException($"The tensor '{Name}' takes {ByteLength} bytes; {stream.Position - start} were written.");
    }

    private static void Copy(StoredTensor tensor, Stream stream)
    {
        for (long done = 0; done < tensor.ByteLength; done += StepBytes)
            stream.Write(tensor.Bytes(done, (int)Math.Min(StepBytes, tensor.ByteLength - done)));
    }
}
