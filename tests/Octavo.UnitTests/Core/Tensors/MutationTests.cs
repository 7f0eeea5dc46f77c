using System.Diagnostics;
using Octavo.Core;
using Octavo.Core.Gguf;
using Octavo.Core.Safetensors;
using Octavo.Core.Tensors;
using Octavo.Core.TorchPickle;
using Octavo.UnitTests.Core.Gguf;
using Octavo.UnitTests.Core.Safetensors;
using Octavo.UnitTests.Core.TorchPickle;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Core.Tensors;

public class MutationTests
{
    private const int Mutations = 4_000;
    private const long MaxAllocated = 64 << 20;
    private static readonly TimeSpan _most = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    public void Open_MutatedGguf_LoadsOrIsRefused(ulong seed)
    {
        var seeds = (byte[][])[
            new GgufBytes { Alignment = 64, Data = 200 }.Key("general.architecture", GgufValueType.String, GgufBytes.Text("llama"))
                .Key("general.alignment", GgufValueType.UInt32, 64, 0, 0, 0)
                .Key("f", GgufValueType.Float64, new byte[8]).Key("b", GgufValueType.Bool, 1)
                .Key("a", GgufValueType.Array, GgufBytes.Array(GgufValueType.String, 2, [.. GgufBytes.Text("x"), .. GgufBytes.Text("è")]))
                .Key("n", GgufValueType.Array,
                    GgufBytes.Array(GgufValueType.Array, 1, GgufBytes.Array(GgufValueType.UInt16, 2, 1, 2, 3, 4)))
                .Tensor("t", 0, 0, 2, 2).Tensor("q", 2, 64, 32, 2).Tensor("u", 24, 128, 8).Build(),
            new GgufBytes().Key("split.count", GgufValueType.UInt16, 1, 0).Key("split.no", GgufValueType.UInt16, 0, 0).Build(),
        ];
        using var folder = new TemporaryFolder();
        Run(folder, seed, ".gguf", seeds, GgufFile.Open);
    }

    [Theory]
    [InlineData(3UL)]
    [InlineData(4UL)]
    public void Open_MutatedSafetensors_LoadsOrIsRefused(ulong seed)
    {
        var seeds = (byte[][])[
            SafetensorsBytes.Of($"{{\"__metadata__\":{{\"format\":\"pt\"}},{SafetensorsBytes.Entry("a", "F32", "2,2", 0, 16)},"
                + $"{SafetensorsBytes.Entry("b", "BF16", "3", 16, 22)},{SafetensorsBytes.Entry("c", "U8", "0", 22, 22)}}}  ", 22),
            SafetensorsBytes.Of("{}"),
        ];
        using var folder = new TemporaryFolder();
        Run(folder, seed, ".safetensors", seeds, SafetensorsSource.Open);
    }

    [Theory]
    [InlineData(6UL)]
    [InlineData(7UL)]
    public void Open_MutatedTorchFile_LoadsOrIsRefused(ulong seed)
    {
        var storage = HonestCheckpoints.Storage("FloatStorage", 6);
        var state = TorchDict.Of(("a", new TorchTensor(storage, [2, 3])), ("b", new TorchTensor(storage, [3, 2], [1, 3]) { IsParameter = true }),
            ("c", new TorchTensor(HonestCheckpoints.Storage("BFloat16Storage", 3), [2], Offset: 1)), ("d", 5L));
        using var folder = new TemporaryFolder();
        Run(folder, seed, ".bin", [TorchBytes.Archive(state, zip: new ZipBytes { Aligned = false }), TorchBytes.Legacy(TorchDict.Plain(("model", state)))],
            (path, memoryMap) => TorchPickleSource.Open(path, memoryMap));
    }

    [Fact]
    public void Open_MutatedIndex_LoadsOrIsRefused()
    {
        using var folder = new TemporaryFolder();
        ShardNameTests.WriteShard(folder, "a.safetensors", "t");
        ShardNameTests.WriteShard(folder, "b.safetensors", "u");
        var index = File.ReadAllBytes(ShardNameTests.WriteIndex(folder, ("t", "a.safetensors"), ("u", "b.safetensors")));
        Run(folder, 5, ".safetensors.index.json", [index], SafetensorsSource.Open);
    }

    private static void Run(TemporaryFolder folder, ulong seed, string extension, byte[][] seeds, Func<string, bool, TensorSource> open)
    {
        var random = new SeededRandom(seed);
        var (loaded, refused) = (0, 0);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < Mutations; i++)
        {
            var bytes = seeds[random.Next(seeds.Length)];
            for (var n = random.Next(3); n >= 0; n--)
                bytes = Mutate(bytes, seeds, random);
            var path = folder.Write("file" + extension, bytes);
            var before = GC.GetAllocatedBytesForCurrentThread();
            if (Opens(path, i % 2 == 0, open))
                loaded++;
            else
                refused++;
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan((8 * bytes.Length) + MaxAllocated);
        }
        // Both ends must be reached, or the mutations test nothing.
        loaded.ShouldBeGreaterThan(Mutations / 100);
        refused.ShouldBeGreaterThan(Mutations / 10);
        watch.Elapsed.ShouldBeLessThan(_most);
    }

    private static bool Opens(string path, bool memoryMap, Func<string, bool, TensorSource> open)
    {
        try
        {
            using var source = open(path, memoryMap);
            var sum = 0;
            foreach (var tensor in source.Tensors)
            {
                foreach (var value in tensor.Bytes(0, checked((int)tensor.ByteLength)))
                    sum += value;
            }
            return sum >= 0;
        }
        catch (Exception error) when (error is CheckpointException or UnsupportedException)
        {
            error.Message.ShouldContain(path[..path.LastIndexOf(Path.DirectorySeparatorChar)]);
            return false;
        }
    }

    private static byte[] Mutate(byte[] bytes, byte[][] seeds, SeededRandom random)
    {
        if (bytes.Length == 0)
            return seeds[0];
        var result = bytes.ToArray();
        var at = random.Next(bytes.Length);
        var length = random.Next(Math.Min(16, bytes.Length - at)) + 1;
        switch (random.Next(8))
        {
            case 0:
                result[at] ^= (byte)(1 << random.Next(8));
                return result;
            case 1:
                result[at] = (byte)random.Next(256);
                return result;
            case 2:
                var edges = (ulong[])[0, 1, 4, 9, 12, 31, 33, 255, 65_536, 1UL << 31, 1UL << 32, 1UL << 61, 1UL << 63,
                    ulong.MaxValue - 31, ulong.MaxValue];
                BitConverter.GetBytes(edges[random.Next(edges.Length)]).AsSpan(0, Math.Min(8, bytes.Length - at)).CopyTo(result.AsSpan(at));
                return result;
            case 3:
                return bytes[..at];
            case 4:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 5:
                return [.. bytes[..(at + length)], .. bytes[at..]];
            case 6:
                var other = seeds[random.Next(seeds.Length)];
                var from = random.Next(other.Length);
                return [.. bytes[..at], .. other[from..Math.Min(other.Length, from + length)], .. bytes[at..]];
            default:
                var signs = "{}[]\",:0123456789.-e\\u/ "u8;
                result[at] = signs[random.Next(signs.Length)];
                return result;
        }
    }
}
