using System.Text;
using Octavo.Core.Tensors;

namespace Octavo.Core.Gguf;

/// <summary>Writes the head of a GGUF file (version 3): keys, values and tensor entries.</summary>
internal static class GgufHeaderWriter
{
    private const uint Version = 3;
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The head with its padding, ready to be followed by the data.</summary>
    public static ReadOnlySpan<byte> Write(
        IReadOnlyDictionary<string, object> metadata, IReadOnlyList<OutgoingTensor> tensors, int alignment)
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, _utf8);
        writer.Write("GGUF"u8);
        writer.Write(Version);
        writer.Write((long)tensors.Count);
        writer.Write((long)metadata.Count);
        foreach (var (key, value) in metadata)
        {
            if (key.Length == 0 || Encoding.UTF8.GetByteCount(key) > GgufHeaderReader.MaxKeyLength)
                throw new UnsupportedException($"A GGUF key has 1 to {GgufHeaderReader.MaxKeyLength} bytes; "
                    + $"'{key[..Math.Min(40, key.Length)]}' has not.");
            WriteText(writer, key);
            writer.Write((uint)TypeOf(value, key));
            WriteValue(writer, value, key, 0);
        }
        long offset = 0;
        foreach (var tensor in tensors)
        {
            WriteEntry(writer, tensor, offset);
            offset = GgufHeaderReader.Align(offset + tensor.ByteLength, alignment);
        }
        writer.Flush();
        stream.SetLength(GgufHeaderReader.Align(stream.Length, alignment));
        return stream.GetBuffer().AsSpan(0, (int)stream.Length);
    }

    /// <summary>The bytes of one tensor's entry.</summary>
    public static long EntryBytes(OutgoingTensor tensor) =>
        sizeof(ulong) + Encoding.UTF8.GetByteCount(tensor.Name) + sizeof(uint) + (sizeof(ulong) * Math.Max(1, tensor.Shape.Count))
        + sizeof(uint) + sizeof(ulong);

    private static void WriteEntry(BinaryWriter writer, OutgoingTensor tensor, long offset)
    {
        if (!GgmlTypes.TryWrite(tensor.Type, out var number))
            throw new UnsupportedException($"GGUF has no type for {tensor.Type} (tensor '{tensor.Name}'). "
                + "Turn it into a float type first.");
        if (tensor.Shape.Count > 4 || tensor.Elements == 0)
            throw new UnsupportedException(
                $"The tensor '{tensor.Name}' has shape [{string.Join(", ", tensor.Shape)}]; GGUF holds up to 4 dimensions of at least 1.");
        if (tensor.Name.Length == 0)
            throw new UnsupportedException("A tensor without a name cannot be written to GGUF.");
        if (tensor.Shape.Count > 0 && tensor.Shape[^1] % tensor.Type.BlockLength() != 0)
            throw new ShapeException(
                $"Rows of {tensor.Shape[^1]} numbers do not fill whole blocks of {tensor.Type} (tensor '{tensor.Name}').");
        WriteText(writer, tensor.Name);
        writer.Write((uint)Math.Max(1, tensor.Shape.Count));
        for (var d = tensor.Shape.Count - 1; d >= 0; d--)
            writer.Write(tensor.Shape[d]);
        if (tensor.Shape.Count == 0)
            writer.Write(1L);
        writer.Write(number);
        writer.Write(offset);
    }

    private static GgufValueType TypeOf(object value, string key) => value switch
    {
        byte => GgufValueType.UInt8,
        sbyte => GgufValueType.Int8,
        ushort => GgufValueType.UInt16,
        short => GgufValueType.Int16,
        uint => GgufValueType.UInt32,
        int => GgufValueType.Int32,
        ulong => GgufValueType.UInt64,
        long => GgufValueType.Int64,
        float => GgufValueType.Float32,
        double => GgufValueType.Float64,
        bool => GgufValueType.Bool,
        string => GgufValueType.String,
        Array => GgufValueType.Array,
        _ => throw NoType(value.GetType(), key),
    };

    private static GgufValueType ElementType(Array array, string key) => Type.GetTypeCode(array.GetType().GetElementType()) switch
    {
        TypeCode.Byte => GgufValueType.UInt8,
        TypeCode.SByte => GgufValueType.Int8,
        TypeCode.UInt16 => GgufValueType.UInt16,
        TypeCode.Int16 => GgufValueType.Int16,
        TypeCode.UInt32 => GgufValueType.UInt32,
        TypeCode.Int32 => GgufValueType.Int32,
        TypeCode.UInt64 => GgufValueType.UInt64,
        TypeCode.Int64 => GgufValueType.Int64,
        TypeCode.Single => GgufValueType.Float32,
        TypeCode.Double => GgufValueType.Float64,
        TypeCode.Boolean => GgufValueType.Bool,
        TypeCode.String => GgufValueType.String,
        _ when array is object[] => GgufValueType.Array,
        _ => throw NoType(array.GetType(), key),
    };

    private static UnsupportedException NoType(Type type, string key) =>
        new($"GGUF has no value type for {type.Name} (key '{key}'). Whole numbers, floats, bools, "
            + "strings and arrays of them can be written.");

    private static void WriteValue(BinaryWriter writer, object value, string key, int nesting)
    {
        switch (value)
        {
            case byte v: writer.Write(v); break;
            case sbyte v: writer.Write(v); break;
            case ushort v: writer.Write(v); break;
            case short v: writer.Write(v); break;
            case uint v: writer.Write(v); break;
            case int v: writer.Write(v); break;
            case ulong v: writer.Write(v); break;
            case long v: writer.Write(v); break;
            case float v: writer.Write(v); break;
            case double v: writer.Write(v); break;
            case bool v: writer.Write(v); break;
            case string v: WriteText(writer, v); break;
            case Array v: WriteArray(writer, v, key, nesting + 1); break;
            default: throw NoType(value.GetType(), key);
        }
    }

    private static void WriteArray(BinaryWriter writer, Array array, string key, int nesting)
    {
        if (nesting > GgufValueReader.MaxNesting)
            throw new UnsupportedException($"The arrays of key '{key}' are nested more than {GgufValueReader.MaxNesting} deep.");
        var type = ElementType(array, key);
        writer.Write((uint)type);
        writer.Write((long)array.Length);
        foreach (var element in array)
        {
            if (type == GgufValueType.Array && element is not Array)
                throw new UnsupportedException($"The array of key '{key}' mixes arrays with other values.");
            WriteValue(writer, element, key, nesting);
        }
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        byte[] bytes;
        try
        {
            bytes = _utf8.GetBytes(text);
        }
        catch (EncoderFallbackException error)
        {
            throw new UnsupportedException(
                $"A text of {text.Length} characters holds half a surrogate pair and cannot be written as UTF-8.", error);
        }
        writer.Write((long)bytes.Length);
        writer.Write(bytes);
    }
}
