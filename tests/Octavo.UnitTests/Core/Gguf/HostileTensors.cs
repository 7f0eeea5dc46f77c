using Octavo.Core.Gguf;
using Octavo.UnitTests.Core.Tensors;
using static Octavo.UnitTests.Core.Gguf.GgufBytes;

namespace Octavo.UnitTests.Core.Gguf;

/// <summary>GGUF files around the rules for alignment, tensor entries and data; each bad one stands beside a twin that loads.</summary>
internal static class HostileTensors
{
    private const uint F32 = 0;
    private const uint Q4_0 = 2;
    private const uint Q4_K = 12;
    private const uint I8 = 24;

    public static IEnumerable<HostileFile> All =>
        [.. Alignments(), .. Names(), .. Dimensions(), .. Blocks(), .. Types(), .. Offsets(), .. Ends()];

    private static IEnumerable<HostileFile> Alignments()
    {
        HostileFile Row(uint alignment, bool good) => new($"alignment {alignment}",
            new GgufBytes { Alignment = good ? (int)alignment : 32, Data = 4 }
                .Key("general.alignment", GgufValueType.UInt32, BitConverter.GetBytes(alignment)).Tensor("t", F32, 0, 1).Build(),
            good ? null : $"the alignment is {alignment}");
        foreach (var alignment in (uint[])[1, 2, 16, 32, 64, 1 << 20])
            yield return Row(alignment, good: true);
        foreach (var alignment in (uint[])[0, 3, 31, 33, (1 << 20) - 1, (1 << 20) + 1, 1 << 21, 1u << 31, uint.MaxValue])
            yield return Row(alignment, good: false);
        yield return new("alignment as int", new GgufBytes().Key("general.alignment", GgufValueType.Int32, 32, 0, 0, 0).Build(),
            "the alignment is 32 (Int32)");
        yield return new("alignment as string", new GgufBytes().Key("general.alignment", GgufValueType.String, Text("32")).Build(),
            "the alignment is 32 (String)");
    }

    private static IEnumerable<HostileFile> Names()
    {
        yield return new("name of 0 bytes", new GgufBytes { Data = 64 }.Tensor("", I8, 0, 1).Build(), "name of tensor 0 is empty");
        yield return new("name of 1 byte", new GgufBytes { Data = 1 }.Tensor("t", I8, 0, 1).Build(), null);
        yield return new("name twice", new GgufBytes { Data = 64 }.Tensor("t", I8, 0, 1).Tensor("t", I8, 32, 1).Build(),
            "the tensor 't' stands twice");
        yield return new("name in two cases", new GgufBytes { Data = 64 }.Tensor("t", I8, 0, 1).Tensor("T", I8, 32, 1).Build(), null);
        yield return new("name of bad UTF-8", new GgufBytes { Data = 64 }.Tensor(Counted([0x80]), 1, [1], I8, 0).Build(), "not UTF-8");
        yield return new("name length max", new GgufBytes { Data = 64 }.Tensor(Counted([65], ulong.MaxValue), 1, [1], I8, 0).Build(),
            "a tensor's name is");
    }

    private static IEnumerable<HostileFile> Dimensions()
    {
        for (var count = 0; count <= 5; count++)
        {
            yield return new($"{count} dimensions",
                new GgufBytes { Data = 64 }.Tensor("t", I8, 0, [.. Enumerable.Repeat(1UL, count)]).Build(),
                count is >= 1 and <= 4 ? null : $"the tensor has {count} dimensions");
        }
        yield return new("2^32 - 1 dimensions", new GgufBytes { Data = 64 }.Tensor(Text("t"), uint.MaxValue, [1], I8, 0).Build(),
            "dimensions; 1 to 4");
        foreach (var (sizes, rule) in ((ulong[], string?)[])[([1], null), ([0], "a dimension is 0"), ([1, 0], "a dimension is 0"),
            ([long.MaxValue], "end after the file's"), ([1UL << 63], "a dimension is 9223372036854775808"),
            ([ulong.MaxValue], "a dimension is 18446744073709551615"),
            ([1UL << 31, 1UL << 32], "overflows 63 bits"), ([1UL << 32, 1UL << 32], "overflows 63 bits"),
            ([1UL << 62, 4], "overflows 63 bits"),
            ([1UL << 40, 1UL << 40, 1UL << 40, 1UL << 40], "overflows 63 bits"), ([1UL << 30, 1UL << 32], "end after the file's")])
        {
            yield return new($"sizes {string.Join('x', sizes)}", new GgufBytes { Data = 64 }.Tensor("t", I8, 0, sizes).Build(), rule);
        }
        yield return new("2^61 floats", new GgufBytes { Data = 64 }.Tensor("t", F32, 0, 1UL << 61).Build(), "overflows 63 bits");
    }

    private static IEnumerable<HostileFile> Blocks()
    {
        foreach (var (type, bytes, block) in ((uint, int, ulong)[])[(Q4_0, 18, 32), (Q4_K, 144, 256)])
        {
            foreach (var size in (ulong[])[block - 1, block, block + 1])
            {
                yield return new($"type {type} row of {size}", new GgufBytes { Data = 2 * bytes }.Tensor("t", type, 0, size).Build(),
                    size == block ? null : $"rows of {size} numbers do not fill whole blocks");
            }
            // As many numbers as a block in all, but not in a row.
            yield return new($"type {type} two half rows", new GgufBytes { Data = bytes }.Tensor("t", type, 0, block / 2, 2).Build(),
                "do not fill whole blocks");
        }
    }

    private static IEnumerable<HostileFile> Types()
    {
        foreach (var (type, name) in ((uint, string)[])[(4, "Q4_2"), (5, "Q4_3"), (16, "IQ2_XXS"), (29, "IQ1_M"), (31, "Q4_0_4_4"),
            (36, "IQ4_NL_4_4"),
            (40, "NVFP4"), (41, "unknown"), (uint.MaxValue, "unknown")])
        {
            yield return new($"type {type}", new GgufBytes { Data = 512 }.Tensor("t", type, 0, 256).Build(), $"has type {type} ({name}");
        }
        foreach (var type in (uint[])[3, 6, 15, 28, 30, 39])
            yield return new($"type {type}", new GgufBytes { Data = 2048 }.Tensor("t", type, 0, 256).Build(), null);
    }

    private static IEnumerable<HostileFile> Offsets()
    {
        foreach (var (offset, rule) in ((ulong, string?)[])[(31, "no multiple of the alignment 32"), (32, null),
            (33, "no multiple of the alignment 32"),
            (64, "end after the file's"), (0, "overlap or are out of order"), (ulong.MaxValue - 31, "end after the file's"),
            (1UL << 63, "end after the file's")])
        {
            yield return new($"second offset {offset}",
                new GgufBytes { Data = 64 }.Tensor("a", F32, 0, 8).Tensor("b", F32, offset, 8).Build(), rule);
        }
        yield return new("out of order", new GgufBytes { Data = 64 }.Tensor("a", F32, 32, 8).Tensor("b", F32, 0, 8).Build(),
            "out of order");
        yield return new("overlap by one byte", new GgufBytes { Data = 96 }.Tensor("a", I8, 0, 33).Tensor("b", I8, 32, 8).Build(),
            "overlap");
        yield return new("no overlap", new GgufBytes { Data = 96 }.Tensor("a", I8, 0, 32).Tensor("b", I8, 32, 8).Build(), null);
    }

    private static IEnumerable<HostileFile> Ends()
    {
        for (var data = 31; data <= 33; data++)
        {
            yield return new($"{data} bytes of data for 32", new GgufBytes { Data = data }.Tensor("t", F32, 0, 8).Build(),
                data < 32 ? "end after the file's" : null);
        }
        yield return new("no data", new GgufBytes { Padded = true }.Tensor("t", F32, 0, 8).Build(), "end after the file's");
        yield return new("no padding and no data", new GgufBytes().Tensor("t", F32, 0, 8).Build(), "end after the file's");
        yield return new("entry cut off", new GgufBytes().Tensor("t", F32, 0, 8).Build()[..^1], "bytes left hold at most 0");
    }
}
