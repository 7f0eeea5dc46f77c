using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

/// <summary>
/// The tile of processors without AVX-VNNI: eight rows by four tokens, half a block at a time, so that four weights stay in registers
/// while pairs of products are added in 16 bits and widened once per half where the type allows it (<see cref="Avx2Dot"/>).
/// </summary>
internal readonly unsafe struct Avx2PairTile : IAvx2Tile
{
    private const int Rows = Avx2PackedTile.Rows;
    private const int QuadBytes = 4 * Rows;

    public static void Multiply<TFormat>(in PanelPart w, in QuantizedRows x, float* acc) where TFormat : struct, IAvx2Packed
    {
        Group<TFormat>(w.Quads, w.Scales, w.Minima, w.Blocks, x.Q, x.D, x.S, x.N, acc);
        Group<TFormat>(w.Quads + 32, w.Scales + 8, w.Minima + 8, w.Blocks, x.Q, x.D, x.S, x.N, acc + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Group<TFormat>(
        byte* panel, float* scales, float* minima, int blocks, sbyte* q, float* d, float* s, int* n, float* acc)
            where TFormat : struct, IAvx2Packed
    {
        for (; blocks > 0; blocks--)
        {
            // not 0 where the low bytes of one of the four tokens count; those of the others are 0
            var wide = *(long*)(n + QuantizedRows.Wide) | *(long*)(n + QuantizedRows.Wide + 2);
            Vector256<int> a0 = default, a1 = default, a2 = default, a3 = default;
            for (var half = 0; half < 2; half++)
            {
                var w0 = Vector256.Load(panel);
                var w1 = Vector256.Load(panel + QuadBytes);
                var w2 = Vector256.Load(panel + (2 * QuadBytes));
                var w3 = Vector256.Load(panel + (3 * QuadBytes));
                panel += 4 * QuadBytes;
                a0 = Half<TFormat>(a0, w0, w1, w2, w3, q, wide);
                a1 = Half<TFormat>(a1, w0, w1, w2, w3, q + 32, wide);
                a2 = Half<TFormat>(a2, w0, w1, w2, w3, q + 64, wide);
                a3 = Half<TFormat>(a3, w0, w1, w2, w3, q + 96, wide);
                q += 16;
                if (!TFormat.HasHalves && half == 0)
                    continue;
                var from = n + (TFormat.HasHalves ? half * QuantizedRows.Tile : QuantizedRows.Both);
                Add<TFormat>(a0, scales, d, from, minima, s, acc);
                Add<TFormat>(a1, scales, d + 1, from + 1, minima, s + 1, acc + Rows);
                Add<TFormat>(a2, scales, d + 2, from + 2, minima, s + 2, acc + (2 * Rows));
                Add<TFormat>(a3, scales, d + 3, from + 3, minima, s + 3, acc + (3 * Rows));
                if (TFormat.HasHalves)
                {
                    a0 = a1 = a2 = a3 = default;
                    scales += Rows;
                }
            }
            q += QuantizedRows.BlockBytes - 32;
            scales += TFormat.HasHalves ? 0 : 2 * Rows;
            minima += Rows;
            d += QuantizedRows.Tile;
            s += QuantizedRows.Tile;
            n += QuantizedRows.Numbers;
        }
    }

    /// <summary>sum + the products of half a block of one token, both planes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Half<TFormat>(
        Vector256<int> sum, Vector256<byte> w0, Vector256<byte> w1, Vector256<byte> w2, Vector256<byte> w3, sbyte* q, long wide)
            where TFormat : struct, IAvx2Packed
    {
        var first = Avx2.ShiftLeftLogical(Products<TFormat>(w0, w1, w2, w3, q), 8);
        if (wide != 0)
            first = Avx2.Add(first, Products<TFormat>(w0, w1, w2, w3, q + QuantizedRows.PlaneBytes));
        return Avx2.Add(sum, first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Products<TFormat>(Vector256<byte> w0, Vector256<byte> w1, Vector256<byte> w2, Vector256<byte> w3, sbyte* q)
        where TFormat : struct, IAvx2Packed
    {
        var sixteen = Avx2.BroadcastVector128ToVector256((int*)q);
        var sum = Avx2Dot.Step(TFormat.Bits, default, w0, Avx2.Shuffle(sixteen, 0x00).AsSByte());
        sum = Avx2Dot.Step(TFormat.Bits, sum, w1, Avx2.Shuffle(sixteen, 0x55).AsSByte());
        sum = Avx2Dot.Step(TFormat.Bits, sum, w2, Avx2.Shuffle(sixteen, 0xAA).AsSByte());
        sum = Avx2Dot.Step(TFormat.Bits, sum, w3, Avx2.Shuffle(sixteen, 0xFF).AsSByte());
        return Avx2Dot.Finish(TFormat.Bits, sum);
    }

    /// <summary>One token's sums of eight rows, scaled and added; types of halves have no minima.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TFormat>(Vector256<int> sum, float* scales, float* d, int* n, float* minima, float* s, float* acc)
        where TFormat : struct, IAvx2Packed
    {
        if (TFormat.ZeroShift != 0 && !Avx2Dot.IsSigned(TFormat.Bits))
            sum = Avx2.Add(sum, Vector256.Create(*n << TFormat.ZeroShift));
        var total = Fma.MultiplyAdd(
            Avx.ConvertToVector256Single(sum), Vector256.Load(scales) * Vector256.Create(*d), Vector256.Load(acc));
        if (TFormat.HasMin)
            total = Fma.MultiplyAdd(Vector256.Load(minima), Vector256.Create(*s), total);
        total.Store(acc);
    }
}
