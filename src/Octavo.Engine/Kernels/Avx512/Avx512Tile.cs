using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

/// <summary>
/// Sixteen rows by four tokens of 512-bit vectors, for processors without AVX-VNNI, for weights of 4 bits: their whole block fits sums of 16 bits
/// (8 · 2 · 127 · 15 = 30,480), which are widened once.
/// </summary>
internal readonly unsafe struct Avx512Tile : IAvx2Tile
{
    private const int Rows = Avx2PackedTile.Rows;

    public static void Multiply<TFormat>(in PanelPart w, in QuantizedRows x, float* acc) where TFormat : struct, IAvx2Packed =>
        Blocks<TFormat>(w.Quads, w.Scales, w.Minima, w.Blocks, x.Q, x.D, x.S, x.N, acc);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Blocks<TFormat>(
        byte* panel, float* scales, float* minima, int blocks, sbyte* q, float* d, float* s, int* n, float* acc)
            where TFormat : struct, IAvx2Packed
    {
        for (; blocks > 0; blocks--)
        {
            // not 0 where the low bytes of one of the four tokens count; those of the others are 0
            var wide = *(long*)(n + QuantizedRows.Wide) | *(long*)(n + QuantizedRows.Wide + 2);
            Vector512<int> h0 = default, h1 = default, h2 = default, h3 = default;
            for (var at = q; ;)
            {
                Vector512<short> a0 = default, a1 = default, a2 = default, a3 = default;
                var quads = panel;
                for (var end = at + 32; at < end; at += 4, quads += 4 * Rows)
                {
                    var v = Vector512.Load(quads);
                    a0 = Step(a0, v, at);
                    a1 = Step(a1, v, at + 32);
                    a2 = Step(a2, v, at + 64);
                    a3 = Step(a3, v, at + 96);
                }
                h0 = Avx512F.Add(h0, Widen(a0));
                h1 = Avx512F.Add(h1, Widen(a1));
                h2 = Avx512F.Add(h2, Widen(a2));
                h3 = Avx512F.Add(h3, Widen(a3));
                if (at - q >= QuantizedRows.PlaneBytes)
                    break;
                h0 = Avx512F.ShiftLeftLogical(h0, 8);
                h1 = Avx512F.ShiftLeftLogical(h1, 8);
                h2 = Avx512F.ShiftLeftLogical(h2, 8);
                h3 = Avx512F.ShiftLeftLogical(h3, 8);
                if (wide == 0)
                    break;
                at = q + QuantizedRows.PlaneBytes;
            }
            var both = n + QuantizedRows.Both;
            var scale = Vector512.Load(scales);
            var minimum = TFormat.HasMin ? Vector512.Load(minima) : default;
            Add<TFormat>(h0, scale, d, both, minimum, s, acc);
            Add<TFormat>(h1, scale, d + 1, both + 1, minimum, s + 1, acc + Rows);
            Add<TFormat>(h2, scale, d + 2, both + 2, minimum, s + 2, acc + (2 * Rows));
            Add<TFormat>(h3, scale, d + 3, both + 3, minimum, s + 3, acc + (3 * Rows));
            panel += Avx2PackedTile.BlockBytes;
            scales += 2 * Rows;
            minima += Rows;
            d += QuantizedRows.Tile;
            s += QuantizedRows.Tile;
            q += QuantizedRows.BlockBytes;
            n += QuantizedRows.Numbers;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Step(Vector512<short> sum, Vector512<byte> w, sbyte* q) =>
        Avx512BW.Add(sum, Avx512BW.MultiplyAddAdjacent(w, Vector512.Create(*(int*)q).AsSByte()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Widen(Vector512<short> pairs) => Avx512BW.MultiplyAddAdjacent(pairs, Vector512.Create((short)1));

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
