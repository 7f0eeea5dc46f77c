using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using Octavo.Core.Tensors;

namespace Octavo.Core.Gguf;

/// <summary>Walks over the head of a GGUF file. Every read checks the bytes that are left before it takes any or allocates.</summary>
internal sealed unsafe class GgufCursor(FileMemory file)
{
    /// <summary>The longest string, and the largest array, in bytes of the file.</summary>
    public const long MaxBytes = 64L << 20;

    /// <summary>The next byte to read.</summary>
    public long Position { get; private set; }

    /// <summary>The bytes from <see cref="Position"/> to the end of the file.</summary>
    public long Left => file.Length - Position;

    /// <summary>The key or tensor being read, for messages.</summary>
    public string Subject { get; set; } = "";

    // A method for each width: generic ones over numbers are not compiled ahead of time, and vocabularies have a hundred thousand lengths.

    /// <summary>Reads one byte.</summary>
    /// <param name="what">What it is, for messages.</param>
    public byte ReadByte(string what) => *Take(sizeof(byte), what);

    /// <summary>Reads 2 bytes.</summary>
    public ushort ReadUInt16(string what) => Unsafe.ReadUnaligned<ushort>(Take(sizeof(ushort), what));

    /// <summary>Reads 4 bytes.</summary>
    public uint ReadUInt32(string what) => Unsafe.ReadUnaligned<uint>(Take(sizeof(uint), what));

    /// <summary>Reads 8 bytes.</summary>
    public ulong ReadUInt64(string what) => Unsafe.ReadUnaligned<ulong>(Take(sizeof(ulong), what));

    private byte* Take(int bytes, string what)
    {
        if (Left < bytes)
            throw Bad(Position, $"{what} takes {bytes} bytes and {Left} are left");
        var at = file.Data + Position;
        Position += bytes;
        return at;
    }

    /// <summary>Reads a number of entries that must fit into the bytes left.</summary>
    /// <param name="what">What is counted.</param>
    /// <param name="entryBytes">The least that one entry takes.</param>
    public long ReadCount(string what, int entryBytes)
    {
        var at = Position;
        var count = ReadUInt64(what);
        CheckCount(at, what, count, entryBytes);
        return (long)count;
    }

    /// <summary>Refuses a number of entries that cannot fit into the bytes left.</summary>
    public void CheckCount(long at, string what, ulong count, int entryBytes)
    {
        if (count > (ulong)(Left / entryBytes))
            throw Bad(at, $"{what} is {count}, and the {Left} bytes left hold at most {Left / entryBytes} "
                + $"({entryBytes} bytes or more each)");
    }

    /// <summary>Reads a counted string, which need not be NUL-terminated and may hold NULs.</summary>
    /// <param name="what">What it is, for messages.</param>
    public string ReadString(string what)
    {
        var at = Position;
        var length = ReadUInt64(what);
        var limit = Math.Min(MaxBytes, Left);
        if (length > (ulong)limit)
            throw Bad(at, $"{what} is {length} bytes long; at most {limit} are allowed ({MaxBytes}, and no more than are left)");
        if (length == 0)
            return "";
        var bytes = file.Bytes(Position, (int)length);
        if (!Utf8.IsValid(bytes))
            throw Bad(Position, $"{what} is not UTF-8");
        Position += (long)length;
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Reads <paramref name="count"/> numbers; the caller has checked the count.</summary>
    public T[] ReadNumbers<T>(long count) where T : unmanaged
    {
        var bytes = (int)(count * sizeof(T));
        var values = new T[count];
        file.Bytes(Position, bytes).CopyTo(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
        Position += bytes;
        return values;
    }

    /// <summary>The refusal of what stands at <paramref name="at"/>.</summary>
    public CheckpointException Bad(long at, string rule)
    {
        var subject = Subject.Length == 0 ? "" : $" ({Subject})";
        return new CheckpointException($"{file.Path}: byte {at}{subject}: {rule}. The file is damaged or cut off; "
            + "get or convert it again.");
    }
}
