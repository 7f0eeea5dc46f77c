using System.Buffers.Binary;
using System.Text;

namespace Octavo.UnitTests.Core.TorchPickle;

/// <summary>One entry of a zip archive, with what may be told wrongly about it.</summary>
internal sealed record ZipPart(string Name, byte[] Data)
{
    public byte[]? NameBytes { get; init; }
    public string? LocalName { get; init; }
    public ushort Method { get; init; }
    public ushort Flags { get; init; } = 0x808;
    public ushort? LocalFlags { get; init; }
    public ushort LocalMethod { get; init; }
    public uint? LocalLength { get; init; }
    public uint? Length { get; init; }
    public uint? StoredLength { get; init; }
    public uint? Header { get; init; }
    public byte[] Extra { get; init; } = [];
    public ushort Disk { get; init; }
}

/// <summary>
/// Writes zip archives as torch does: entries stored and aligned to 64 bytes by an extra field "FB", their sizes behind the data, the
/// directory, and the end records of zip64 and zip.
/// </summary>
internal sealed class ZipBytes
{
    private const int Alignment = 64;
    private readonly List<byte> _bytes = [];

    public bool Aligned { get; init; } = true;

    public bool Zip64 { get; init; } = true;

    /// <summary>Changes the end records' numbers: entries, size and offset of the directory.</summary>
    public Func<(ulong Count, ulong Size, ulong Offset), (ulong Count, ulong Size, ulong Offset)> End { get; init; } = numbers => numbers;

    /// <summary>The same for the zip64 record alone.</summary>
    public Func<(ulong Count, ulong Size, ulong Offset), (ulong Count, ulong Size, ulong Offset)> End64 { get; init; } = numbers => numbers;

    /// <summary>Added to where the locator says that the zip64 record stands.</summary>
    public long LocatorError { get; init; }

    public byte[] Write(params IEnumerable<ZipPart> parts)
    {
        List<byte> central = [];
        var count = 0;
        foreach (var part in parts)
        {
            var header = _bytes.Count;
            WriteLocal(part);
            WriteCentral(central, part, (uint)header);
            count++;
        }
        var directory = (ulong)_bytes.Count;
        _bytes.AddRange(central);
        WriteEnd(End(((ulong)count, (ulong)central.Count, directory)));
        return [.. _bytes];
    }

    private void WriteLocal(ZipPart part)
    {
        var name = part.LocalName is null ? NameOf(part) : Encoding.UTF8.GetBytes(part.LocalName);
        var start = _bytes.Count + 30 + name.Length + 4;
        var padding = Aligned ? (int)((Alignment - (start % Alignment)) % Alignment) : -4;
        var header = new byte[30];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0x04034B50);
        Put(header, 6, part.LocalFlags ?? part.Flags);
        Put(header, 8, part.LocalMethod);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(18), part.LocalLength ?? 0);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(22), part.LocalLength ?? 0);
        Put(header, 26, (ushort)name.Length);
        Put(header, 28, (ushort)(padding + 4));
        _bytes.AddRange(header);
        _bytes.AddRange(name);
        if (Aligned)
        {
            var extra = new byte[padding + 4];
            extra.AsSpan().Fill((byte)'Z');
            (extra[0], extra[1]) = ((byte)'F', (byte)'B');
            Put(extra, 2, (ushort)padding);
            _bytes.AddRange(extra);
        }
        _bytes.AddRange(part.Data);
        var sizes = new byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(sizes, 0x08074B50);
        BinaryPrimitives.WriteInt32LittleEndian(sizes.AsSpan(8), part.Data.Length);
        BinaryPrimitives.WriteInt32LittleEndian(sizes.AsSpan(12), part.Data.Length);
        _bytes.AddRange(sizes);
    }

    private static void WriteCentral(List<byte> central, ZipPart part, uint header)
    {
        var name = NameOf(part);
        var entry = new byte[46];
        BinaryPrimitives.WriteUInt32LittleEndian(entry, 0x02014B50);
        Put(entry, 8, part.Flags);
        Put(entry, 10, part.Method);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(20), part.StoredLength ?? part.Length ?? (uint)part.Data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(24), part.Length ?? (uint)part.Data.Length);
        Put(entry, 28, (ushort)name.Length);
        Put(entry, 30, (ushort)part.Extra.Length);
        Put(entry, 34, part.Disk);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(42), part.Header ?? header);
        central.AddRange(entry);
        central.AddRange(name);
        central.AddRange(part.Extra);
    }

    private void WriteEnd((ulong Count, ulong Size, ulong Offset) numbers)
    {
        if (Zip64)
        {
            var (count, size, offset) = End64(numbers);
            var at = _bytes.Count;
            var record = new byte[76];
            BinaryPrimitives.WriteUInt32LittleEndian(record, 0x06064B50);
            BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(4), 44);
            BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(24), count);
            BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(32), count);
            BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(40), size);
            BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(48), offset);
            BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(56), 0x07064B50);
            BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(64), at + LocatorError);
            BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(72), 1);
            _bytes.AddRange(record);
        }
        var end = new byte[22];
        BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06054B50);
        Put(end, 8, (ushort)Math.Min(numbers.Count, ushort.MaxValue));
        Put(end, 10, (ushort)Math.Min(numbers.Count, ushort.MaxValue));
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(12), (uint)Math.Min(numbers.Size, uint.MaxValue));
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(16), (uint)Math.Min(numbers.Offset, uint.MaxValue));
        _bytes.AddRange(end);
    }

    private static byte[] NameOf(ZipPart part) => part.NameBytes ?? Encoding.UTF8.GetBytes(part.Name);

    private static void Put(byte[] bytes, int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), value);
}
