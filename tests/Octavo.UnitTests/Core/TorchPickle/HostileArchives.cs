using Octavo.UnitTests.Core.Tensors;

namespace Octavo.UnitTests.Core.TorchPickle;

/// <summary>Files of torch.save whose form lies around a good pickle: archives and the old form.</summary>
internal static class HostileArchives
{
    private static readonly TorchStorage _storage = HonestCheckpoints.Storage("FloatStorage", 4);
    private static readonly TorchDict _state = TorchDict.Of(("w", new TorchTensor(_storage, [4])));
    private static readonly byte[] _pickle = new TorchBytes().Write(_state);

    public static IEnumerable<HostileFile> All => [.. Forms(), .. Names(), .. Entries(), .. Ends(), .. Contents(), .. Old()];

    private static ZipPart[] Parts(Func<ZipPart, ZipPart>? storage = null, string root = "archive")
    {
        var data = new ZipPart($"{root}/data/0", _storage.Data);
        return [new($"{root}/data.pkl", _pickle), new($"{root}/byteorder", "little"u8.ToArray()), storage is null ? data : storage(data), new($"{root}/version", "3\n"u8.ToArray())];
    }

    private static byte[] Write(ZipBytes zip, params IEnumerable<ZipPart> parts) => zip.Write(parts);

    private static IEnumerable<HostileFile> Forms()
    {
        var whole = new ZipBytes().Write(Parts());
        yield return new("zip: good", whole, null);
        yield return new("zip: empty file", [], "the file is empty");
        yield return new("zip: text", "hello"u8.ToArray(), "neither as a zip archive nor as a pickle");
        yield return new("zip: pointer of LFS", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n"u8.ToArray(), "pointer of Git LFS");
        yield return new("zip: head alone", whole[..4], "does not end with a zip directory's end record");
        yield return new("zip: cut in the middle", whole[..(whole.Length / 2)], "does not end with a zip directory's end record");
        yield return new("zip: cut by one", whole[..^1], "does not end with a zip directory's end record");
        yield return new("zip: a byte behind", [.. whole, 0], "does not end with a zip directory's end record");
        yield return new("zip: a comment", [.. whole[..^2], 5, 0, .. "hello"u8], "does not end with a zip directory's end record");
        yield return new("zip: two archives", [.. whole, .. whole], "the zip64 end record does not stand before its locator");
        yield return new("zip: empty archive", new ZipBytes { Zip64 = false }.Write(), "the zip archive is empty");
        yield return new("zip: bytes before", [.. "PK\u0003\u0004"u8, .. whole], "the zip64 end record does not stand before its locator");
    }

    private static IEnumerable<HostileFile> Names()
    {
        foreach (var name in (string[])["../evil", "archive/../../evil", "/etc/passwd", "archive/./x", "archive//x", "C:/evil", "c:evil", "archive\\x",
            "\\\\server\\share", "archive/..", "..", "archive/x/../y", "archive/x//", "/", "archive/a\0b", "archive/a\nb", "archive/\u001b[2J"])
        {
            yield return new($"entry '{name}'", Write(new ZipBytes(), [.. Parts(), new(name, [])]), "leads out of the archive or is no plain one");
        }
        yield return new("entry in another folder", Write(new ZipBytes(), [.. Parts(), new("other/x", [])]), "lie in the folders 'archive' and 'other'");
        yield return new("entry in no folder", Write(new ZipBytes(), [.. Parts(), new("x", [])]), "'x' lies in no folder");
        yield return new("entry without a name", Write(new ZipBytes(), [.. Parts(), new("", [])]), "has 0 bytes; 1 to 1024");
        yield return new("entry of 1,025 letters", Write(new ZipBytes(), [.. Parts(), new("archive/" + new string('x', 1017), [])]), "has 1025 bytes");
        yield return new("entry of 1,024 letters", Write(new ZipBytes(), [.. Parts(), new("archive/" + new string('x', 1016), [])]), null);
        yield return new("entry of bad UTF-8", Write(new ZipBytes(), [.. Parts(), new("", []) { NameBytes = [(byte)'a', (byte)'/', 0xC3, 0x28] }]), "not valid UTF-8");
        yield return new("entry twice", Write(new ZipBytes(), [.. Parts(), new("archive/data/0", new byte[16])]), "'archive/data/0' stands twice");
        yield return new("data.pkl twice", Write(new ZipBytes(), [.. Parts(), new("archive/data.pkl", MaliciousPickles.Archive([]))]), "'archive/data.pkl' stands twice");
    }

    private static IEnumerable<HostileFile> Entries()
    {
        HostileFile One(string name, Func<ZipPart, ZipPart> lie, string? rule) => new($"entry: {name}", Write(new ZipBytes(), Parts(lie)), rule);
        yield return One("deflated", part => part with { Method = 8, LocalMethod = 8 }, "is compressed (method 8)");
        yield return One("deflated in the directory only", part => part with { Method = 8 }, "is compressed (method 8)");
        yield return One("deflated in the local header only", part => part with { LocalMethod = 8 }, "contradicts the directory");
        yield return One("encrypted", part => part with { Flags = 0x809 }, "has the flags 0x0809");
        yield return One("patched", part => part with { Flags = 0x828 }, "has the flags 0x0828");
        yield return One("other flags in the local header", part => part with { LocalFlags = 0x800 }, "contradicts the directory");
        yield return One("other name in the local header", part => part with { LocalName = "archive/data/1" }, "'archive/data/0' has no local header here");
        yield return One("one byte shorter", part => part with { Length = 15 }, "and its entry has 15 bytes");
        yield return One("one byte longer", part => part with { Length = 17 }, "and its entry has 17 bytes");
        yield return One("into the next entry", part => part with { Length = 64 }, "overlaps the one before it");
        yield return One("beyond the directory", part => part with { Length = 1 << 30 }, "left before the directory");
        yield return One("stored size other", part => part with { StoredLength = 15 }, "is stored in 15 bytes and has 16");
        yield return One("local size other", part => part with { Flags = 0x800, LocalLength = 15 }, "contradicts the directory");
        yield return One("local size the same", part => part with { Flags = 0x800, LocalLength = 16 }, null);
        yield return One("local size of zip64", part => part with { LocalLength = uint.MaxValue }, null);
        yield return One("local size 0 without sizes behind", part => part with { Flags = 0x800, LocalLength = 0 }, "contradicts the directory");
        yield return One("begins at the first entry", part => part with { Header = 0 }, "'archive/data/0' has no local header here");
        yield return One("begins in the middle", part => part with { Header = 7 }, "has no local header here");
        yield return One("begins beyond the file", part => part with { Header = 1 << 30 }, "beyond the data");
        yield return One("in another part", part => part with { Disk = 1 }, "in another part");
        yield return One("zip64 sizes without the field", part => part with { Length = uint.MaxValue }, "is said to have 4294967295 bytes");
        yield return One("zip64 field without sizes", part => part with { Length = uint.MaxValue, Extra = [1, 0, 0, 0] }, "a zip64 field lacks a size");
        yield return One("zip64 sizes right", part => part with { Length = uint.MaxValue, Extra = [1, 0, 16, 0, 16, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0] }, null);
        yield return One("zip64 sizes of 2^63", part => part with
        {
            Length = uint.MaxValue,
            Extra = [1, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 128, 0, 0, 0, 0, 0, 0, 0, 128],
        }, "is said to have 9223372036854775808 bytes");
        yield return One("zip64 sizes that differ", part => part with
        {
            Length = uint.MaxValue,
            Extra = [1, 0, 16, 0, 16, 0, 0, 0, 0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0, 0],
        }, "is stored in 17 bytes and has 16");
        yield return One("extra field too long", part => part with { Extra = [1, 0, 9, 0, 1] }, "an extra field of the zip directory reaches beyond");
        yield return One("extra field cut off", part => part with { Extra = [1, 0, 0] }, "an extra field of the zip directory reaches beyond");
    }

    private static IEnumerable<HostileFile> Ends()
    {
        foreach (var zip64 in (bool[])[false, true])
        {
            HostileFile One(string name, Func<(ulong Count, ulong Size, ulong Offset), (ulong, ulong, ulong)> lie, string rule) =>
                new($"end{(zip64 ? " of zip64" : "")}: {name}", Write(new ZipBytes { Zip64 = zip64, End = lie }, Parts()), rule);
            yield return One("one entry less", n => (n.Count - 1, n.Size, n.Offset), "has 3 entries and");
            yield return One("one entry more", n => (n.Count + 1, n.Size, n.Offset), "an entry of the zip directory is expected here");
            yield return One("65,534 entries", n => (65_534, n.Size, n.Offset), "is said to hold 65534 entries");
            yield return One("size one more", n => (n.Count, n.Size + 1, n.Offset), "the zip directory is said to take");
            yield return One("offset one more", n => (n.Count, n.Size, n.Offset + 1), "the zip directory is said to take");
            yield return One("offset 0", n => (n.Count, n.Size, 0), "the zip directory is said to take");
            yield return One("size of everything", n => (n.Count, n.Size + n.Offset, 0), "an entry of the zip directory is expected here");
        }
        HostileFile Wide(string name, Func<(ulong Count, ulong Size, ulong Offset), (ulong, ulong, ulong)> lie, string rule) =>
            new($"zip64: {name}", Write(new ZipBytes { End = n => (ushort.MaxValue, uint.MaxValue, uint.MaxValue), End64 = _ => lie(Real()) }, Parts()), rule);
        yield return new("zip64: all in the zip64 record", Write(new ZipBytes { End = n => (ushort.MaxValue, uint.MaxValue, uint.MaxValue), End64 = _ => Real() }, Parts()), null);
        yield return Wide("100,001 entries", n => (100_001, n.Size, n.Offset), "has 100001 entries; at most 100000");
        yield return Wide("100,000 entries", n => (100_000, n.Size, n.Offset), "is said to hold 100000 entries");
        yield return Wide("2^63 entries", n => (1UL << 63, n.Size, n.Offset), "at most 100000");
        yield return Wide("offset of 2^64 - 1", n => (n.Count, n.Size, ulong.MaxValue), "the zip directory is said to take");
        yield return Wide("size that wraps", n => (n.Count, ulong.MaxValue - n.Offset, n.Offset), "the zip directory is said to take");
        yield return new("zip64: contradicts", Write(new ZipBytes { End64 = n => (n.Count + 1, n.Size, n.Offset) }, Parts()), "contradicts the end record");
        yield return new("zip64: locator to nowhere", Write(new ZipBytes { LocatorError = 1 }, Parts()), "does not stand before its locator");
        yield return new("zip64: locator beyond", Write(new ZipBytes { LocatorError = long.MaxValue / 2 }, Parts()), "does not stand before its locator");
    }

    // What the end records of Parts() say when they are right.
    private static (ulong Count, ulong Size, ulong Offset) Real()
    {
        (ulong, ulong, ulong) real = default;
        new ZipBytes { End64 = numbers => real = numbers }.Write(Parts());
        return real;
    }

    private static IEnumerable<HostileFile> Contents()
    {
        yield return new("no data.pkl", Write(new ZipBytes(), Parts()[1..]), "no entry 'archive/data.pkl'");
        yield return new("no version", Write(new ZipBytes(), Parts()[..3]), "no entry 'version'");
        yield return new("no storage", Write(new ZipBytes(), [.. Parts()[..2], Parts()[3]]), "no entry for the storage '0'");
        foreach (var version in (string[])["", "x", "0", "-1", "99999999999", "3 3"])
            yield return new($"version '{version}'", Write(new ZipBytes(), [.. Parts()[..3], new("archive/version", [.. version.Select(c => (byte)c)])]), "the archive's version is");
        yield return new("version of 33 bytes", Write(new ZipBytes(), [.. Parts()[..3], new("archive/version", new byte[33])]), "has 33 bytes; at most 32");
    }

    private static IEnumerable<HostileFile> Old()
    {
        var head = TorchBytes.Head();
        var writer = new TorchBytes(isLegacy: true);
        var body = writer.Write(_state);
        var key = writer.KeyOf(_storage);
        byte[] Keys(params string[] keys) => new TorchBytes().Write(keys.Select(k => (object?)k).ToList());
        byte[] Data(long count) => [.. BitConverter.GetBytes(count), .. _storage.Data];
        byte[] good = [.. head, .. body, .. Keys(key), .. Data(4)];
        yield return new("old: good", good, null);
        for (var cut = 1; cut < 6; cut++)
            yield return new($"old: cut to {cut}/6", good[..(good.Length * cut / 6)], "byte ");
        yield return new("old: cut by one", good[..^1], "takes 16 bytes and 15 follow");
        yield return new("old: a byte behind", [.. good, 0], "1 bytes follow the last storage");
        yield return new("old: other magic number", [.. TorchBytes.Head(magic: new byte[10]), .. good[head.Length..]], "magic number is missing");
        yield return new("old: magic number of 11 bytes", [.. PickleBytes.Begin().Raw(0x8A, 11).Raw(0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 1).End(),
            .. good[15..]], "magic number is missing");
        yield return new("old: other protocol", [.. TorchBytes.Head(protocol: 1002), .. good[head.Length..]], "protocol is not 1001");
        yield return new("old: no byte order", [.. TorchBytes.Head(little: "yes"), .. good[head.Length..]], "does not say its byte order");
        yield return new("old: key missing", [.. head, .. body, .. Keys()], $"the list of storages lacks '{key}'");
        yield return new("old: key of no tensor", [.. head, .. body, .. Keys(key, "1"), .. Data(4), .. Data(4)], "names '1', which no tensor uses");
        yield return new("old: key twice", [.. head, .. body, .. Keys(key, key), .. Data(4), .. Data(4)], "twice");
        yield return new("old: keys no list", [.. head, .. body, .. PickleBytes.Begin().Text(key).End(), .. Data(4)], "the list of the storages' keys is missing");
        yield return new("old: key no text", [.. head, .. body, .. PickleBytes.Begin().Op(']').Int(1).Op('a').End(), .. Data(4)], "names an integer, which no tensor uses");
        foreach (var count in (long[])[3, 5, -1, long.MaxValue])
            yield return new($"old: {count} numbers", [.. head, .. body, .. Keys(key), .. Data(count)], $"holds {count} numbers here and 4 in the pickle");
        PickleBytes Id(PickleBytes pickle, long count, string type, PickleBytes? view = null) => pickle.Op('(').Text("storage").Global("torch", type)
            .Text("1").Text("cpu").Int(count).Raw(view is null ? [(byte)'N'] : view.ToArray()).Op('t').Op('Q');
        yield return new("old: a storage larger than the file", [.. head, .. Id(PickleBytes.Begin(), 1L << 40, "FloatStorage").End()], "the file has");
        yield return new("old: a storage of 2^62", [.. head, .. Id(PickleBytes.Begin(), 1L << 62, "DoubleStorage").End()], "the file has");
        yield return new("old: two types", [.. head, .. Id(Id(PickleBytes.Begin(), 4, "FloatStorage"), 4, "IntStorage").End()], "named with two types or sizes");
        yield return new("old: two sizes", [.. head, .. Id(Id(PickleBytes.Begin(), 4, "FloatStorage"), 3, "FloatStorage").End()], "named with two types or sizes");
        yield return new("old: five items", [.. head, .. PickleBytes.Begin().Storage("1", 4).End()], "has 5 items; a storage has 6");
        foreach (var (first, count) in ((long, long)[])[(1, 4), (5, 0), (0, 5), (long.MaxValue, 1)])
        {
            yield return new($"old: view from {first} of {count}", [.. head,
                .. Id(PickleBytes.Begin(), 4, "FloatStorage", new PickleBytes().Text("v").Int(first).Int(count).Raw(0x87)).End()], "reaches beyond its 4");
        }
        yield return new("old: view of two", [.. head, .. Id(PickleBytes.Begin(), 4, "FloatStorage", new PickleBytes().Ints(0, 4)).End()], "no key, offset and size");
        yield return new("old: view from -1", [.. head, .. Id(PickleBytes.Begin(), 4, "FloatStorage", new PickleBytes().Text("v").Int(-1).Int(4).Raw(0x87)).End()],
            "no key, offset and size");
        yield return new("old: bytes without a type", [.. head, .. PickleBytes.Begin().Op('(').Text("storage").Global("torch.storage", "UntypedStorage").Text("1")
            .Text("cpu").Int(4).Op('N').Op('t').Op('Q').End()], "has no type; the old format needs one");
    }
}
