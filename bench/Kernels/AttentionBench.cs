using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Octavo.Engine;
using Octavo.Engine.Kernels;

namespace Octavo.Bench.Kernels;

/// <summary>
/// Attention of one key-value head on one thread: a decode row, and a prefill tile of 64 rows, beside what reading and multiplying cost alone.
/// </summary>
internal static unsafe class AttentionBench
{
    private const int TileRows = 64;

    /// <summary>Pages are spread over this much memory at least, as those of 30 layers are: no cache below the last holds them.</summary>
    private const long SpreadBytes = 24 << 20;

    public static void Run(KernelSet set, int group, int headDim)
    {
        foreach (var type in Enum.GetValues<KvType>())
        {
            foreach (var positions in new[] { 128, 2048, 6000 })
                Decode(set, type, group, headDim, positions);
            foreach (var positions in new[] { 128, 2048, 6000 })
                Prefill(set, type, group, headDim, positions);
        }
    }

    /// <summary>The two bounds of this thread at this moment.</summary>
    public static void Limits()
    {
        const long Parts = 24, Part = SpreadBytes / sizeof(float) / Parts;
        var data = Memory.Gaussians(Parts * Part);
        var at = 0L;
        Timing.Print("a prefetching read", Timing.MeasureShort(() => Read(data + ((at++ % Parts) * Part), Part)), Part * sizeof(float), 0);
        if (Fma.IsSupported)
            Timing.Print("a plain FMA loop, 256 bits", Timing.MeasureShort(() => Multiply256(10_000)), 0, 10_000 * 12.0 * 16);
        if (Avx512F.IsSupported)
            Timing.Print("a plain FMA loop, 512 bits", Timing.MeasureShort(() => Multiply512(10_000)), 0, 10_000 * 12.0 * 32);
    }

    private static void Decode(KernelSet set, KvType type, int group, int headDim, int positions)
    {
        var pages = (positions + 63) / 64;
        var layout = new PageLayout(type, headDim);
        var layers = Math.Max(1, (int)(SpreadBytes / ((long)pages * layout.HeadBytes)));
        var data = Pages(set, layout, pages * layers);
        var queries = Queries(set, layout, group, out var visible, out var scratch);
        var layer = 0;
        var seconds = Timing.MeasureShort(() =>
        {
            for (var p = layer * pages; p < (layer + 1) * pages; p++)
                set.AttendPage(View(data, layout, p), queries, visible, data + ((p + 1L) * layout.HeadBytes), scratch);
            layer = (layer + 1) % layers;
        });
        Timing.Print(
            $"{set.Name} decode {type} {group}x{headDim} at {positions}", seconds, (double)pages * layout.HeadBytes, 4.0 * group * headDim * 64 * pages);
    }

    private static void Prefill(KernelSet set, KvType type, int group, int headDim, int positions)
    {
        var pages = (positions + 63) / 64;
        var layout = new PageLayout(type, headDim);
        var data = Pages(set, layout, pages);
        var queries = Queries(set, layout, group * TileRows, out var visible, out var scratch);
        var seconds = Timing.MeasureShort(() =>
        {
            for (var p = 0; p < pages; p++)
                set.AttendPage(View(data, layout, p), queries, visible, data, scratch);
        });
        Timing.Print(
            $"{set.Name} prefill {type} {group}x{headDim} at {positions}", seconds, (double)pages * layout.HeadBytes,
            4.0 * group * TileRows * headDim * 64 * pages);
    }

    private static PageView View(byte* data, PageLayout layout, int page) => new(data + ((long)page * layout.HeadBytes), layout);

    private static byte* Pages(KernelSet set, PageLayout layout, int pages)
    {
        var numbers = Memory.Gaussians(64L * 2 * layout.HeadDim);
        // one page more, which the last one fetches early
        var data = Memory.Take<byte>((pages + 1L) * layout.HeadBytes);
        for (var slot = 0; slot < 64; slot++)
            set.StorePosition(View(data, layout, 0), slot, numbers + (2L * slot * layout.HeadDim), numbers + (((2L * slot) + 1) * layout.HeadDim));
        for (var page = 1; page < pages; page++)
            new ReadOnlySpan<byte>(data, layout.HeadBytes).CopyTo(new Span<byte>(data + ((long)page * layout.HeadBytes), layout.HeadBytes));
        return data;
    }

    private static QueryBlock Queries(KernelSet set, PageLayout layout, int count, out Slots* visible, out float* scratch)
    {
        var q = Memory.Gaussians((long)count * layout.HeadDim);
        set.Scale(q, set.QueryScale(layout.Type) / MathF.Sqrt(layout.HeadDim), count * layout.HeadDim);
        var m = Memory.Take<float>(count);
        new Span<float>(m, count).Fill(float.NegativeInfinity);
        visible = Memory.Take<Slots>(count);
        new Span<Slots>(visible, count).Fill(new Slots(0, 64));
        scratch = Memory.Take<float>(KernelSet.AttendScratchFloats(layout.HeadDim, count));
        return new QueryBlock(q, count, m, Memory.Take<float>(count), Memory.Take<float>((long)count * layout.ValueStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Read(float* data, long count)
    {
        Vector256<int> a = default, b = default, c = default, d = default;
        for (var end = data + count; data < end; data += 32)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(data + 512);
                Sse.Prefetch0(data + 528);
            }
            a ^= Vector256.Load((int*)data);
            b ^= Vector256.Load((int*)data + 8);
            c ^= Vector256.Load((int*)data + 16);
            d ^= Vector256.Load((int*)data + 24);
        }
        return (a ^ b ^ c ^ d).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Multiply256(int rounds)
    {
        Vector256<float> a = default, b = default, c = default, d = default, e = default, f = default;
        Vector256<float> g = default, h = default, i = default, j = default, k = default, l = default;
        var x = Vector256.Create(0.5f);
        for (var round = 0; round < rounds; round++)
        {
            a = Fma.MultiplyAdd(a, x, x);
            b = Fma.MultiplyAdd(b, x, x);
            c = Fma.MultiplyAdd(c, x, x);
            d = Fma.MultiplyAdd(d, x, x);
            e = Fma.MultiplyAdd(e, x, x);
            f = Fma.MultiplyAdd(f, x, x);
            g = Fma.MultiplyAdd(g, x, x);
            h = Fma.MultiplyAdd(h, x, x);
            i = Fma.MultiplyAdd(i, x, x);
            j = Fma.MultiplyAdd(j, x, x);
            k = Fma.MultiplyAdd(k, x, x);
            l = Fma.MultiplyAdd(l, x, x);
        }
        return (a + b + c + d + e + f + g + h + i + j + k + l).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Multiply512(int rounds)
    {
        Vector512<float> a = default, b = default, c = default, d = default, e = default, f = default;
        Vector512<float> g = default, h = default, i = default, j = default, k = default, l = default;
        var x = Vector512.Create(0.5f);
        for (var round = 0; round < rounds; round++)
        {
            a = Avx512F.FusedMultiplyAdd(a, x, x);
            b = Avx512F.FusedMultiplyAdd(b, x, x);
            c = Avx512F.FusedMultiplyAdd(c, x, x);
            d = Avx512F.FusedMultiplyAdd(d, x, x);
            e = Avx512F.FusedMultiplyAdd(e, x, x);
            f = Avx512F.FusedMultiplyAdd(f, x, x);
            g = Avx512F.FusedMultiplyAdd(g, x, x);
            h = Avx512F.FusedMultiplyAdd(h, x, x);
            i = Avx512F.FusedMultiplyAdd(i, x, x);
            j = Avx512F.FusedMultiplyAdd(j, x, x);
            k = Avx512F.FusedMultiplyAdd(k, x, x);
            l = Avx512F.FusedMultiplyAdd(l, x, x);
        }
        return (a + b + c + d + e + f + g + h + i + j + k + l).ToScalar();
    }
}
