using System.Runtime.CompilerServices;

namespace Octavo.Core.Gguf;

/// <summary>Reads one value of GGUF's key-value part.</summary>
internal static class GgufValueReader
{
    /// <summary>How deep arrays may stand in arrays; a plain array is 1.</summary>
    public const int MaxNesting = 4;

    private const int ArrayHeadBytes = 4 + 8;

    /// <summary>Reads a type and its value.</summary>
    public static object Read(GgufCursor cursor)
    {
        var at = cursor.Position;
        var type = (GgufValueType)cursor.ReadUInt32("the value's type");
        return type switch
        {
            GgufValueType.UInt8 => cursor.ReadByte("the value"),
            GgufValueType.Int8 => (sbyte)cursor.ReadByte("the value"),
            GgufValueType.UInt16 => cursor.ReadUInt16("the value"),
            GgufValueType.Int16 => (short)cursor.ReadUInt16("the value"),
            GgufValueType.UInt32 => cursor.ReadUInt32("the value"),
            GgufValueType.Int32 => (int)cursor.ReadUInt32("the value"),
            GgufValueType.UInt64 => cursor.ReadUInt64("the value"),
            GgufValueType.Int64 => (long)cursor.ReadUInt64("the value"),
            GgufValueType.Float32 => BitConverter.UInt32BitsToSingle(cursor.ReadUInt32("the value")),
            GgufValueType.Float64 => BitConverter.UInt64BitsToDouble(cursor.ReadUInt64("the value")),
            GgufValueType.Bool => ReadBool(cursor),
            GgufValueType.String => cursor.ReadString("the value"),
            GgufValueType.Array => ReadArray(cursor, 1),
            _ => throw UnknownType(cursor, at, type),
        };
    }

    private static object ReadArray(GgufCursor cursor, int nesting)
    {
        if (nesting > MaxNesting)
            throw cursor.Bad(cursor.Position, $"arrays are nested more than {MaxNesting} deep");
        var at = cursor.Position;
        var type = (GgufValueType)cursor.ReadUInt32("the elements' type");
        return type switch
        {
            GgufValueType.UInt8 => Numbers<byte>(cursor),
            GgufValueType.Int8 => Numbers<sbyte>(cursor),
            GgufValueType.UInt16 => Numbers<ushort>(cursor),
            GgufValueType.Int16 => Numbers<short>(cursor),
            GgufValueType.UInt32 => Numbers<uint>(cursor),
            GgufValueType.Int32 => Numbers<int>(cursor),
            GgufValueType.UInt64 => Numbers<ulong>(cursor),
            GgufValueType.Int64 => Numbers<long>(cursor),
            GgufValueType.Float32 => Numbers<float>(cursor),
            GgufValueType.Float64 => Numbers<double>(cursor),
            GgufValueType.Bool => Many(cursor, 1, ReadBool),
            GgufValueType.String => Many(cursor, sizeof(ulong), static c => c.ReadString("an element")),
            GgufValueType.Array => Nested(cursor, nesting + 1),
            _ => throw UnknownType(cursor, at, type),
        };
    }

    private static long Length(GgufCursor cursor, int elementBytes)
    {
        var at = cursor.Position;
        var count = cursor.ReadCount("the array's length", elementBytes);
        if (count > GgufCursor.MaxBytes / elementBytes)
            throw cursor.Bad(at, $"the array's {count} elements take more than {GgufCursor.MaxBytes} bytes");
        return count;
    }

    private static T[] Numbers<T>(GgufCursor cursor) where T : unmanaged
    {
        var count = Length(cursor, Unsafe.SizeOf<T>());
        return count == 0 ? [] : cursor.ReadNumbers<T>(count);
    }

    private static T[] Many<T>(GgufCursor cursor, int leastBytes, Func<GgufCursor, T> read)
    {
        var count = Length(cursor, leastBytes);
        if (count == 0)
            return [];
        var values = new T[count];
        for (var i = 0; i < values.Length; i++)
            values[i] = read(cursor);
        return values;
    }

    private static object[] Nested(GgufCursor cursor, int nesting)
    {
        var count = Length(cursor, ArrayHeadBytes);
        if (count == 0)
            return [];
        var values = new object[count];
        for (var i = 0; i < values.Length; i++)
            values[i] = ReadArray(cursor, nesting);
        return values;
    }

    private static bool ReadBool(GgufCursor cursor)
    {
        var value = cursor.ReadByte("a bool");
        return value switch
        {
            0 => false,
            1 => true,
            _ => throw cursor.Bad(cursor.Position - 1, $"a bool is {value}; 0 or 1 is expected"),
        };
    }

    private static CheckpointException UnknownType(GgufCursor cursor, long at, GgufValueType type) =>
        cursor.Bad(at, $"the value type {(uint)type} is unknown; 0 to {(uint)GgufValueType.Float64} are known");
}
