using Octavo.Core.Gguf;
using Octavo.UnitTests.Core.Tensors;
using static Octavo.UnitTests.Core.Gguf.GgufBytes;

namespace Octavo.UnitTests.Core.Gguf;

/// <summary>GGUF files around the rules for the head and for keys and values; each bad one stands beside a twin that loads.</summary>
internal static class HostileHeads
{
    private const ulong MiB64 = 64UL << 20;

    public static IEnumerable<HostileFile> All => [.. Starts(), .. Counts(), .. Keys(), .. Values(), .. Strings(), .. Arrays(), .. Large()];

    private static IEnumerable<HostileFile> Starts()
    {
        var whole = new GgufBytes().Build();
        yield return new("length 0", [], "has 0 bytes");
        yield return new("length 23", whole[..23], "has 23 bytes");
        yield return new("length 24", whole, null);
        yield return new("length 25", [.. whole, 0], null);
        foreach (var magic in (string[])["GGUE", "GGUG", "gguf", "GGML", "FUGG"])
            yield return new($"magic {magic}", new GgufBytes { Magic = System.Text.Encoding.ASCII.GetBytes(magic) }.Build(),
                "begins with 0x");
        foreach (var version in (uint[])[2, 3])
            yield return new($"version {version}", new GgufBytes { Version = version }.Build(), null);
        foreach (var version in (uint[])[0, 1, 4, uint.MaxValue])
            yield return new($"version {version}", new GgufBytes { Version = version }.Build(), $"GGUF version {version}");
        foreach (var version in (uint[])[0x01000000, 0x02000000, 0x03000000])
            yield return new($"big-endian version {version:X}", new GgufBytes { Version = version }.Build(), "big-endian");
    }

    private static IEnumerable<HostileFile> Counts()
    {
        // One smallest key is 14 bytes, one smallest tensor 33: they fill what is left exactly.
        GgufBytes Keyed(ulong count) => new GgufBytes { KeyCount = count }.Key("k", GgufValueType.UInt8, 7);
        yield return new("key count 0 of 1", Keyed(0).Build(), null);
        yield return new("key count 1 of 1", Keyed(1).Build(), null);
        yield return new("key count 2 of 1", Keyed(2).Build(), "the number of keys is 2, and the 14 bytes left hold at most 1");
        yield return new("key count 1 of none", new GgufBytes { KeyCount = 1 }.Build(), "the number of keys is 1, and the 0 bytes left");
        foreach (var count in (ulong[])[1UL << 31, 1UL << 60, 1UL << 63, ulong.MaxValue])
        {
            yield return new($"key count {count}", Keyed(count).Build(), "the number of keys is");
            yield return new($"tensor count {count}", new GgufBytes { TensorCount = count }.Build(), "the number of tensors is");
        }
        GgufBytes Filled(ulong count) =>
            new GgufBytes { TensorCount = count, Data = 33 * 4 }.Key("pad", GgufValueType.String, Text("1234567890123"));
        // 24 + 40 bytes of head and key, then 132 bytes: four tensors would fit by their number, a fifth would not.
        yield return new("tensor count 0 of 132 bytes", Filled(0).Build(), null);
        yield return new("tensor count 4 of 132 bytes", Filled(4).Build(), "a tensor's name is");
        yield return new("tensor count 5 of 132 bytes", Filled(5).Build(), "the number of tensors is 5");
    }

    private static IEnumerable<HostileFile> Keys()
    {
        yield return new("key of 0 bytes", new GgufBytes().Key("", GgufValueType.UInt8, 1, 0).Build(), "is empty");
        yield return new("key of 1 byte", new GgufBytes().Key("k", GgufValueType.UInt8, 1).Build(), null);
        foreach (var length in (int[])[65_534, 65_535])
            yield return new($"key of {length} bytes", new GgufBytes().Key(new string('k', length), GgufValueType.UInt8, 1).Build(), null);
        yield return new("key of 65536 bytes", new GgufBytes().Key(new string('k', 65_536), GgufValueType.UInt8, 1).Build(),
            "at most 65535");
        foreach (var length in (ulong[])[1UL << 31, 1UL << 63, ulong.MaxValue, ulong.MaxValue - 31])
            yield return new($"key length {length}", new GgufBytes().Raw(Counted([1, 2, 3], length), 0, 9).Build(), "a key is");
        yield return new("key twice", new GgufBytes().Key("a", GgufValueType.UInt8, 1).Key("a", GgufValueType.UInt8, 1).Build(),
            "stands twice");
        yield return new("key in two cases", new GgufBytes().Key("a", GgufValueType.UInt8, 1).Key("A", GgufValueType.UInt8, 1).Build(),
            null);
        yield return new("key of bad UTF-8", new GgufBytes().Raw(Counted([0xC3, 0x28]), 0, 9).Build(), "not UTF-8");
        yield return new("key of good UTF-8", new GgufBytes().Raw(Counted([0xC3, 0xA8]), 0, 9).Build(), null);
    }

    private static IEnumerable<HostileFile> Values()
    {
        yield return new("value type 12", new GgufBytes().Raw(Text("k"), 12, new byte[8]).Build(), null);
        yield return new("value type 13", new GgufBytes().Raw(Text("k"), 13, new byte[8]).Build(), "value type 13 is unknown");
        yield return new("value type max", new GgufBytes().Raw(Text("k"), uint.MaxValue, new byte[8]).Build(), "is unknown");
        yield return new("element type 12", new GgufBytes().Key("k", GgufValueType.Array, Array(12, 1, new byte[8])).Build(), null);
        yield return new("element type 13", new GgufBytes().Key("k", GgufValueType.Array, Array(13, 1, new byte[8])).Build(), "is unknown");
        foreach (var value in (byte[])[0, 1, 2, 255])
        {
            var rule = value < 2 ? null : $"a bool is {value}";
            yield return new($"bool {value}", new GgufBytes().Key("k", GgufValueType.Bool, value).Build(), rule);
            yield return new($"bool {value} in array",
                new GgufBytes().Key("k", GgufValueType.Array, Array(GgufValueType.Bool, 2, 1, value)).Build(), rule);
        }
        foreach (var bytes in (int[])[7, 8])
        {
            var rule = bytes < 8 ? "the value takes 8 bytes and 7 are left" : null;
            yield return new($"double of {bytes} bytes", new GgufBytes().Key("k", GgufValueType.Float64, new byte[bytes]).Build(), rule);
        }
    }

    private static IEnumerable<HostileFile> Strings()
    {
        foreach (var (length, rule) in ((ulong, string?)[])[(4, null), (5, null), (6, "at most 5"), (ulong.MaxValue, "at most 5"),
            (1UL << 63, "at most 5"), (0xFFFFFFFF00000005, "at most 5")])
        {
            yield return new($"string length {length} of 5",
                new GgufBytes().Key("k", GgufValueType.String, Counted([1, 2, 3, 4, 5], length)).Build(), rule);
        }
        yield return new("string of bad UTF-8", new GgufBytes().Key("k", GgufValueType.String, Counted([0xFF])).Build(), "not UTF-8");
        yield return new("string of overlong UTF-8", new GgufBytes().Key("k", GgufValueType.String, Counted([0xC0, 0x80])).Build(),
            "not UTF-8");
        yield return new("string of half a surrogate pair",
            new GgufBytes().Key("k", GgufValueType.String, Counted([0xED, 0xA0, 0x80])).Build(), "not UTF-8");
        yield return new("string of a NUL", new GgufBytes().Key("k", GgufValueType.String, Counted([0])).Build(), null);
    }

    private static IEnumerable<HostileFile> Arrays()
    {
        HostileFile Row(string name, byte[] value, string? rule) =>
            new(name, new GgufBytes().Key("k", GgufValueType.Array, value).Build(), rule);
        foreach (var (count, rule) in ((ulong, string?)[])[(7, null), (8, null), (9, "the array's length is 9"),
            (ulong.MaxValue, "the array's length is")])
            yield return Row($"bytes {count} of 8", Array(GgufValueType.UInt8, count, new byte[8]), rule);
        // 2^61 numbers of 8 bytes wrap to none, 2^62 + 1 of 4 bytes to one.
        yield return Row("longs 2^61", Array(GgufValueType.UInt64, 1UL << 61, new byte[8]), "the array's length is");
        yield return Row("ints 2^62 + 1", Array(GgufValueType.Int32, (1UL << 62) + 1, new byte[8]), "the array's length is");
        yield return Row("strings 1 of 8 bytes", Array(GgufValueType.String, 1, new byte[8]), null);
        yield return Row("strings 2 of 8 bytes", Array(GgufValueType.String, 2, new byte[8]), "hold at most 1 (8 bytes");
        yield return Row("string in array beyond the end", Array(GgufValueType.String, 1, Counted([1], 2)), "an element is 2 bytes long");
        yield return Row("arrays 2 of 12 bytes", Array(GgufValueType.Array, 2, Array(GgufValueType.UInt8, 0)), "hold at most 1 (12 bytes");
        for (var depth = 3; depth <= 5; depth++)
            yield return Row($"nested {depth} deep", Nested(depth), depth > 4 ? "nested more than 4 deep" : null);
        yield return Row("nested 10,000 deep", Nested(10_000), "nested more than 4 deep");
    }

    private static byte[] Nested(int depth)
    {
        var layers = Enumerable.Range(1, depth - 1).SelectMany(_ => Array(GgufValueType.Array, 1));
        return [.. layers, .. Array(GgufValueType.UInt8, 1, 5)];
    }

    private static IEnumerable<HostileFile> Large()
    {
        foreach (var (length, rule) in ((ulong, string?)[])[(MiB64 - 1, null), (MiB64, null), (MiB64 + 1, "at most 67108864 are allowed")])
        {
            yield return new($"string of {length} bytes",
                new GgufBytes().Key("k", GgufValueType.String, BitConverter.GetBytes(length)).Build(), rule, (long)MiB64 + 4096);
            yield return new($"array of {length} bytes",
                new GgufBytes().Key("k", GgufValueType.Array, Array(GgufValueType.UInt8, length)).Build(),
                rule is null ? null : "take more than 67108864 bytes", (long)MiB64 + 4096);
        }
    }
}
