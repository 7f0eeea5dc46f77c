using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

/// <summary>
/// Sixteen rows by four tokens of 512-bit vectors, for processors without AVX-VNNI, for weights of 4 bits: their whole block fits sums of 16 bits
/// (8 · 2 · 127 · 15 = 30,480), which are widened once.
/// </summary>
/// <typeparam name="TPlanes">Planes of the activations.</typeparam>
internal readonly unsafe struct Avx512Tile<TPlanes> : IAvx2Tile
    where TPlanes : struct, IPlanes
{
    private const int Rows = Avx2PackedTile.Rows;

    public static void Multiply<TFormat>(in PanelPart w, in QuantizedRows x, float* acc) where TFormat : struct, IAvx2Packed =>
        Blocks<TFormat>(w.Quads, w.Scales, w.Minima, w.Blocks, x.Q, x.D, x.S, x.N + (2 * QuantizedRows.Tile), acc);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Blocks<TFormat>(
        byte* panel, float* scales, float* minima, int blocks, sbyte* q, float* d, float* s, int* n, float* acc)
            where TFormat : struct, IAvx2Packed
    {
        for (; blocks > 0; blocks--)
        {
            Vector512<int> h0 = default, h1 = default, h2 = default, h3 = default;
            for (var plane = 0; plane < TPlanes.Count; plane++)
            {
                Vector512<short> a0 = default, a1 = default, a2 = default, a3 = default;
                var quads = panel;
                for (var end = q + 32; q < end; q += 4, quads += 4 * Rows)
                {
                    var v = Vector512.Load(quads);
                    a0 = Step(a0, v, q);
                    a1 = Step(a1, v, q + 32);
                    a2 = Step(a2, v, q + 64);
                    a3 = Step(a3, v, q + 96);
                }
                h0 = Widen(h0, a0);
                h1 = Widen(h1, a1);
                h2 = Widen(h2, a2);
                h3 = Widen(h3, a3);
                q += QuantizedRows.PlaneBytes - 32;
            }
            var scale = Vector512.Load(scales);
            var minimum = TFormat.HasMin ? Vector512.Load(minima) : default;
            Add<TFormat>(h0, scale, d, n, minimum, s, acc);
            Add<TFormat>(h1, scale, d + 1, n + 1, minimum, s + 1, acc + Rows);
            Add<TFormat>(h2, scale, d + 2, n + 2, minimum, s + 2, acc + (2 * Rows));
            Add<TFormat>(h3, scale, d + 3, n + 3, minimum, s + 3, acc + (3 * Rows));
            panel += Avx2PackedTile.BlockBytes;
            scales += 2 * Rows;
            minima += Rows;
            d += QuantizedRows.Tile;
            s += QuantizedRows.Tile;
            n += QuantizedRows.Zeros;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Step(Vector512<short> sum, Vector512<byte> w, sbyte* q) =>
        Avx512BW.Add(sum, Avx512BW.MultiplyAddAdjacent(w, Vector512.Create(*(int*)q).AsSByte()));

    /// <summary>256·high + the widened pairs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Widen(Vector512<int> high, Vector512<short> pairs)
    {
        var wide = Avx512BW.MultiplyAddAdjacent(pairs, Vector512.Create((short)1));
        return TPlanes.Count == 2 ? Avx512F.Add(Avx512F.ShiftLeftLogical(high, 8), wide) : wide;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TFormat>(
        Vector512<int> sum, Vector512<float> scales, float* d, int* n, Vector512<float> minima, float* s, float* acc)
            where TFormat : struct, IAvx2Packed
    {
        if (TFormat.ZeroShift != 0)
            sum = Avx512F.Add(sum, Vector512.Create(*n << TFormat.ZeroShift));
        var total = Avx512F.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(sum), scales * Vector512.Create(*d), Vector512.Load(acc));
        if (TFormat.HasMin)
            total = Avx512F.FusedMultiplyAdd(minima, Vector512.Create(*s), total);
        total.Store(acc);
    }
}
