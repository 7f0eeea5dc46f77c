using System.Globalization;
using Octavo.Core.Tensors;

namespace Octavo.Core.Gguf;

/// <summary>Reads and checks the head of a GGUF file.</summary>
internal static class GgufHeaderReader
{
    /// <summary>The key of the alignment.</summary>
    public const string AlignmentKey = "general.alignment";

    /// <summary>The alignment where the file names none.</summary>
    public const int DefaultAlignment = 32;

    /// <summary>The largest alignment taken.</summary>
    public const int MaxAlignment = 1 << 20;

    /// <summary>The least bytes of a key and value: length, one character, type, one byte.</summary>
    public const int MinKeyBytes = 8 + 1 + 4 + 1;

    /// <summary>The least bytes of a tensor entry: length, one character, dimensions' count, one dimension, type, offset.</summary>
    public const int MinTensorBytes = 8 + 1 + 4 + 8 + 4 + 8;

    /// <summary>The longest key that the format allows.</summary>
    public const int MaxKeyLength = 65_535;

    private const uint Magic = 0x46554747;
    private const int HeadBytes = 24;

    /// <summary>Reads everything before the data and checks that the data are inside the file.</summary>
    public static GgufHeader Read(FileMemory file)
    {
        var cursor = new GgufCursor(file);
        var version = ReadVersion(cursor, file);
        var tensorsAt = cursor.Position;
        var tensorCount = cursor.ReadCount("the number of tensors", MinTensorBytes);
        var keyCount = cursor.ReadCount("the number of keys", MinKeyBytes);
        cursor.CheckCount(tensorsAt, "the number of tensors", (ulong)tensorCount, MinTensorBytes);

        var metadata = ReadMetadata(cursor, keyCount, out var alignment);
        cursor.CheckCount(tensorsAt, "the number of tensors", (ulong)tensorCount, MinTensorBytes);
        var tensors = ReadTensors(cursor, file.Path, tensorCount, alignment);

        var dataOffset = Align(cursor.Position, alignment);
        CheckData(cursor, tensors, dataOffset, file.Length);
        return new GgufHeader(version, alignment, dataOffset, metadata, tensors);
    }

    /// <summary>Whether a number may be the alignment.</summary>
    public static bool IsAlignment(uint number) => number is > 0 and <= MaxAlignment && (number & (number - 1)) == 0;

    /// <summary>The next multiple of <paramref name="alignment"/>.</summary>
    public static long Align(long position, int alignment) => checked(position + alignment - 1) & ~((long)alignment - 1);

    private static uint ReadVersion(GgufCursor cursor, FileMemory file)
    {
        if (file.Length < HeadBytes)
            throw cursor.Bad(0, $"the file has {file.Length} bytes; a GGUF file has at least {HeadBytes}");
        var magic = cursor.ReadUInt32("the mark");
        if (magic != Magic)
            throw cursor.Bad(0, $"the file begins with 0x{magic:X8}; a GGUF file begins with the letters GGUF (0x{Magic:X8})");
        var version = cursor.ReadUInt32("the version");
        if (version is 2 or 3)
            return version;
        var swapped = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(version);
        throw new UnsupportedException(swapped is 1 or 2 or 3
            ? $"{file.Path}: byte 4: the file is big-endian (its version reads 0x{version:X8}); little-endian GGUF is supported. "
                + "Convert it to little-endian."
            : $"{file.Path}: byte 4: GGUF version {version}; versions 2 and 3 are supported. Convert the model again.");
    }

    private static Dictionary<string, object> ReadMetadata(GgufCursor cursor, long count, out int alignment)
    {
        alignment = DefaultAlignment;
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        for (long i = 0; i < count; i++)
        {
            var at = cursor.Position;
            cursor.Subject = "";
            var key = cursor.ReadString("a key");
            if (key.Length == 0)
                throw cursor.Bad(at, $"key {i.ToString(CultureInfo.InvariantCulture)} is empty");
            if (cursor.Position - at - sizeof(ulong) > MaxKeyLength)
                throw cursor.Bad(at, $"a key is {cursor.Position - at - sizeof(ulong)} bytes long; at most {MaxKeyLength} are allowed");
            if (values.ContainsKey(key))
                throw cursor.Bad(at, $"the key '{key}' stands twice");
            cursor.Subject = key;
            var value = GgufValueReader.Read(cursor);
            values.Add(key, value);
            if (key == AlignmentKey)
                alignment = CheckAlignment(cursor, at, value);
        }
        cursor.Subject = "";
        return values;
    }

    private static int CheckAlignment(GgufCursor cursor, long at, object found)
    {
        if (found is uint alignment && IsAlignment(alignment))
            return (int)alignment;
        throw cursor.Bad(at, string.Create(CultureInfo.InvariantCulture,
            $"the alignment is {found} ({found.GetType().Name}); a UInt32 power of two up to {MaxAlignment} is expected"));
    }

    private static List<GgufTensorEntry> ReadTensors(GgufCursor cursor, string path, long count, int alignment)
    {
        var tensors = new List<GgufTensorEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (long i = 0; i < count; i++)
        {
            var at = cursor.Position;
            cursor.Subject = "";
            var name = cursor.ReadString("a tensor's name");
            if (name.Length == 0)
                throw cursor.Bad(at, $"the name of tensor {i} is empty");
            if (!names.Add(name))
                throw cursor.Bad(at, $"the tensor '{name}' stands twice");
            cursor.Subject = name;
            var entry = ReadTensor(cursor, path, name, at);
            if (entry.Offset % (ulong)alignment != 0)
                throw cursor.Bad(cursor.Position - sizeof(ulong), $"the offset {entry.Offset} is no multiple of the alignment {alignment}");
            tensors.Add(entry);
        }
        cursor.Subject = "";
        return tensors;
    }

    private static GgufTensorEntry ReadTensor(GgufCursor cursor, string path, string name, long at)
    {
        var dimensionsAt = cursor.Position;
        var dimensions = cursor.ReadUInt32("the number of dimensions");
        if (dimensions is < 1 or > 4)
            throw cursor.Bad(dimensionsAt, $"the tensor has {dimensions} dimensions; 1 to 4 are allowed");
        var shape = new long[dimensions];
        // 128-bit numbers would say it shorter, but code with them is not compiled ahead of time
        var (elements, overflows) = (1L, false);
        for (var d = shape.Length - 1; d >= 0; d--)
        {
            var sizeAt = cursor.Position;
            var size = cursor.ReadUInt64("a dimension");
            if (size is 0 or > long.MaxValue)
                throw cursor.Bad(sizeAt, $"a dimension is {size}; 1 to {long.MaxValue} are allowed");
            shape[d] = (long)size;
            overflows |= shape[d] > long.MaxValue / elements;
            elements = overflows ? 1 : elements * shape[d];
        }
        var typeAt = cursor.Position;
        var number = cursor.ReadUInt32("the type");
        if (!GgmlTypes.TryRead(number, out var type))
            throw new UnsupportedException(
                $"{path}: byte {typeAt}: the tensor '{name}' has type {number} ({GgmlTypes.NameOf(number)}), which is not supported. "
                + "Convert the model to a supported type, such as Q8_0, Q4_K or Q4_0.");
        if (shape[^1] % type.BlockLength() != 0)
            throw cursor.Bad(dimensionsAt, $"rows of {shape[^1]} numbers do not fill whole blocks of {type} ({type.BlockLength()} each)");
        var blocks = elements / type.BlockLength();
        if (overflows || blocks > long.MaxValue / type.BlockBytes())
            throw cursor.Bad(dimensionsAt, $"the shape [{string.Join(", ", shape)}] of {type} overflows 63 bits");
        return new GgufTensorEntry(name, type, shape, at, cursor.ReadUInt64("the offset"), blocks * type.BlockBytes());
    }

    private static void CheckData(GgufCursor cursor, List<GgufTensorEntry> tensors, long dataOffset, long fileLength)
    {
        ulong end = 0;
        foreach (var tensor in tensors)
        {
            cursor.Subject = tensor.Name;
            if (tensor.Offset < end)
                throw cursor.Bad(tensor.At, $"the offset {tensor.Offset} lies before byte {end}, where the tensor before it ends; "
                    + "they overlap or are out of order");
            var left = fileLength - dataOffset;
            if (tensor.Bytes > left || tensor.Offset > (ulong)(left - tensor.Bytes))
                throw cursor.Bad(tensor.At, $"{tensor.Bytes} bytes at offset {tensor.Offset} of the data (which begin at {dataOffset}) "
                    + $"end after the file's {fileLength} bytes");
            end = tensor.Offset + (ulong)tensor.Bytes;
        }
        cursor.Subject = "";
    }
}
