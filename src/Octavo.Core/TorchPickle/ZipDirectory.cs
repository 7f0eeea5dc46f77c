using System.Buffers.Binary;
using System.Text;
using Octavo.Core.Tensors;

namespace Octavo.Core.TorchPickle;

/// <summary>One entry of a zip archive.</summary>
/// <param name="Name">Its name, never used as a path.</param>
/// <param name="Header">Where its local header begins.</param>
/// <param name="Offset">Where its bytes begin.</param>
/// <param name="Length">How many bytes it has.</param>
internal sealed record ZipEntry(string Name, long Header, long Offset, long Length);

/// <summary>
/// Reads the directory of a zip archive as torch writes it: entries stored, not compressed, one after the other, then the directory, then its
/// end record, and nothing else. Everything that could be read in two ways is refused.
/// </summary>
internal static class ZipDirectory
{
    public const int MaxEntries = 100_000;
    private const int EndBytes = 22;
    private const int LocatorBytes = 20;
    private const int End64Bytes = 56;
    private const int CentralBytes = 46;
    private const int LocalBytes = 30;
    private const int Longest = 1024;
    private const ushort SizesBehind = 8;
    private const ushort KnownFlags = SizesBehind | 0x800;
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The entries by their names.</summary>
    public static Dictionary<string, ZipEntry> Read(FileMemory file)
    {
        var (at, end, count) = FindDirectory(file);
        var directory = at;
        var entries = new Dictionary<string, ZipEntry>(StringComparer.Ordinal);
        for (long i = 0; i < count; i++)
        {
            var entry = ReadEntry(file, directory, end, ref at);
            if (!entries.TryAdd(entry.Name, entry))
                throw Bad(file, at, entry.Name, "stands twice");
        }
        if (at != end)
            throw TorchFile.Refusal(file.Path, at, $"the zip directory has {count} entries and {end - at} more bytes");
        long last = 0;
        foreach (var entry in entries.Values.OrderBy(entry => entry.Header))
        {
            if (entry.Header < last)
                throw Bad(file, entry.Header, entry.Name, "overlaps the one before it");
            last = entry.Offset + entry.Length;
        }
        return entries;
    }

    private static (long Directory, long End, long Count) FindDirectory(FileMemory file)
    {
        var at = file.Length - EndBytes;
        var record = at < 0 ? default : file.Bytes(at, EndBytes);
        if (at < 0 || U32(record, 0) != 0x06054B50 || U16(record, 20) != 0)
            throw TorchFile.Refusal(file.Path, Math.Max(at, 0),
                "the file does not end with a zip directory's end record: it was cut off, or something was added to it");
        var (count, size, offset) = (U16(record, 10), U32(record, 12), U32(record, 16));
        if (U16(record, 4) != 0 || U16(record, 6) != 0 || U16(record, 8) != count)
            throw TorchFile.Refusal(file.Path, at, "the zip archive says that it has several parts");
        var locator = at - LocatorBytes;
        if (locator < End64Bytes || U32(file.Bytes(locator, 4), 0) != 0x07064B50)
            return Checked(file, at, offset, size, count);

        var end = locator - End64Bytes;
        var pointer = file.Bytes(locator, LocatorBytes);
        var record64 = file.Bytes(end, End64Bytes);
        if (U64(pointer, 8) != (ulong)end || U32(record64, 0) != 0x06064B50 || U64(record64, 4) != End64Bytes - 12)
            throw TorchFile.Refusal(file.Path, locator, "the zip64 end record does not stand before its locator");
        var (count64, size64, offset64) = (U64(record64, 32), U64(record64, 40), U64(record64, 48));
        if (U32(pointer, 4) != 0 || U32(pointer, 16) > 1 || U32(record64, 16) != 0 || U32(record64, 20) != 0 || U64(record64, 24) != count64)
            throw TorchFile.Refusal(file.Path, end, "the zip64 archive says that it has several parts");
        if (!Agree(count, count64, ushort.MaxValue) || !Agree(size, size64, uint.MaxValue) || !Agree(offset, offset64, uint.MaxValue))
            throw TorchFile.Refusal(file.Path, end, "the zip64 end record contradicts the end record");
        return Checked(file, end, offset64, size64, count64);
    }

    private static (long Directory, long End, long Count) Checked(FileMemory file, long end, ulong offset, ulong size, ulong count)
    {
        if (offset > (ulong)end || size != (ulong)end - offset)
            throw TorchFile.Refusal(file.Path, end,
                $"the zip directory is said to take {size} bytes from byte {offset}; its end record stands at byte {end}");
        if (count > MaxEntries)
            throw TorchFile.Refusal(file.Path, end, $"the zip archive has {count} entries; at most {MaxEntries} are allowed");
        if (count > size / CentralBytes)
            throw TorchFile.Refusal(file.Path, end, $"the zip directory has {size} bytes and is said to hold {count} entries");
        return ((long)offset, end, (long)count);
    }

    private static bool Agree(uint small, ulong large, uint full) => small == large || small == full;

    private static ZipEntry ReadEntry(FileMemory file, long directory, long end, ref long at)
    {
        if (end - at < CentralBytes || U32(file.Bytes(at, 4), 0) != 0x02014B50)
            throw TorchFile.Refusal(file.Path, at, "an entry of the zip directory is expected here");
        var start = at;
        var fixedPart = file.Bytes(at, CentralBytes);
        var (flags, method) = (U16(fixedPart, 8), U16(fixedPart, 10));
        var (nameLength, extraLength, commentLength) = (U16(fixedPart, 28), U16(fixedPart, 30), U16(fixedPart, 32));
        if (end - at - CentralBytes < nameLength + extraLength + commentLength)
            throw TorchFile.Refusal(file.Path, at, "an entry of the zip directory reaches beyond it");
        var name = ReadName(file, at + CentralBytes, nameLength);
        ulong stored = U32(fixedPart, 20), length = U32(fixedPart, 24), header = U32(fixedPart, 42);
        ReadZip64(file, at + CentralBytes + nameLength, extraLength, ref length, ref stored, ref header);
        at += CentralBytes + nameLength + extraLength + commentLength;
        if (method != 0)
            throw Bad(file, start, name, $"is compressed (method {method}); torch stores its entries");
        if ((flags & ~KnownFlags) != 0)
            throw Bad(file, start, name, $"has the flags 0x{flags:X4}: encrypted or patched entries are not read");
        if (stored != length)
            throw Bad(file, start, name, $"is stored in {stored} bytes and has {length}");
        if (U16(fixedPart, 34) != 0)
            throw Bad(file, start, name, "is said to lie in another part");
        var data = CheckLocal(file, directory, header, length, fixedPart, name, start);
        return new ZipEntry(name, (long)header, data, (long)length);
    }

    /// <summary>Checks that the local header says the same as the directory.</summary>
    /// <returns>Where the entry's bytes begin.</returns>
    private static long CheckLocal(
        FileMemory file, long directory, ulong header, ulong length, ReadOnlySpan<byte> central, string name, long start)
    {
        var nameBytes = file.Bytes(start + CentralBytes, U16(central, 28));
        if (header > (ulong)directory || (ulong)directory - header < LocalBytes)
            throw Bad(file, start, name, $"is said to begin at byte {header}, beyond the data");
        var local = file.Bytes((long)header, LocalBytes);
        var data = (long)header + LocalBytes + U16(local, 26) + U16(local, 28);
        if (U32(local, 0) != 0x04034B50 || data > directory || !file.Bytes((long)header + LocalBytes, U16(local, 26)).SequenceEqual(nameBytes))
            throw Bad(file, (long)header, name, "has no local header here");
        // The sizes stand behind the data (0 here), in the zip64 field (all ones here), or here.
        var (flags, stored, plain) = (U16(local, 6), U32(local, 18), U32(local, 22));
        var behind = (flags & SizesBehind) != 0 && stored == 0 && plain == 0;
        if (U16(local, 8) != 0 || flags != U16(central, 8) || (!behind && (!Agree(stored, length, uint.MaxValue) || !Agree(plain, length, uint.MaxValue))))
            throw Bad(file, (long)header, name, "has a local header that contradicts the directory");
        if (length > (ulong)(directory - data))
            throw Bad(file, start, name, $"is said to have {length} bytes; {directory - data} are left before the directory");
        return data;
    }

    private static string ReadName(FileMemory file, long at, int length)
    {
        if (length is 0 or > Longest)
            throw TorchFile.Refusal(file.Path, at, $"the name of a zip entry has {length} bytes; 1 to {Longest} are expected");
        string name;
        try
        {
            name = _utf8.GetString(file.Bytes(at, length));
        }
        catch (DecoderFallbackException error)
        {
            throw TorchFile.Refusal(file.Path, at, "the name of a zip entry is not valid UTF-8", error);
        }
        var isPlain = !name.Any(c => char.IsControl(c) || c == '\\') && !(name.Length > 1 && name[1] == ':')
            && name.TrimEnd('/').Split('/').All(segment => segment is not ("" or "." or ".."));
        if (!isPlain || name.EndsWith("//", StringComparison.Ordinal))
            throw Bad(file, at, name, "has a name that leads out of the archive or is no plain one");
        return name;
    }

    private static void ReadZip64(FileMemory file, long at, int length, ref ulong plain, ref ulong stored, ref ulong header)
    {
        var extra = file.Bytes(at, length);
        for (var i = 0; i < extra.Length;)
        {
            if (extra.Length - i < 4 || extra.Length - i - 4 < U16(extra, i + 2))
                throw TorchFile.Refusal(file.Path, at + i, "an extra field of the zip directory reaches beyond its entry");
            var field = extra.Slice(i + 4, U16(extra, i + 2));
            if (U16(extra, i) == 1)
            {
                var used = 0;
                Widen(file, at + i, field, ref used, ref plain);
                Widen(file, at + i, field, ref used, ref stored);
                Widen(file, at + i, field, ref used, ref header);
            }
            i += 4 + field.Length;
        }
    }

    private static void Widen(FileMemory file, long at, ReadOnlySpan<byte> field, ref int used, ref ulong value)
    {
        if (value != uint.MaxValue)
            return;
        if (field.Length - used < 8)
            throw TorchFile.Refusal(file.Path, at, "a zip64 field lacks a size that it is to hold");
        value = U64(field, used);
        used += 8;
    }

    private static CheckpointException Bad(FileMemory file, long at, string name, string rule) =>
        TorchFile.Refusal(file.Path, at, $"the zip entry '{PickleKind.Printable(name)}' {rule}");

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
}
