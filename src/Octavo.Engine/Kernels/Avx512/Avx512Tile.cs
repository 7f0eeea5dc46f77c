using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

/// <summary>
/// Sixteen rows by eight tokens of 512-bit vectors, for weights of 4 bits: their whole block fits sums of 16 bits
/// (8 · 2 · 127 · 15 = 30,480), which are widened once.
/// </summary>
/// <typeparam name="TPlanes">Planes of the activations.</typeparam>
internal readonly unsafe struct Avx512Tile<TPlanes> : IAvx2Tile
    where TPlanes : struct, IPlanes
{
    private const int Rows = Avx2PackedTile.Rows;

    public static int Tokens => 8;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TFormat>(in PanelPart w, sbyte** q, float** d, float** s, int** n, float* acc)
        where TFormat : struct, IAvx2Packed
    {
        var (q0, q1, q2, q3) = ((nint)q[0], (nint)q[1], (nint)q[2], (nint)q[3]);
        var (q4, q5, q6, q7) = ((nint)q[4], (nint)q[5], (nint)q[6], (nint)q[7]);
        var panel = w.Quads;
        nint at = 0;
        for (nint b = 0; b < w.Blocks; b++)
        {
            Vector512<int> h0 = default, h1 = default, h2 = default, h3 = default;
            Vector512<int> h4 = default, h5 = default, h6 = default, h7 = default;
            for (var plane = 0; plane < TPlanes.Count; plane++)
            {
                Vector512<short> a0 = default, a1 = default, a2 = default, a3 = default;
                Vector512<short> a4 = default, a5 = default, a6 = default, a7 = default;
                var quads = panel;
                for (var end = at + 32; at < end; at += 4, quads += 4 * Rows)
                {
                    var v = Vector512.Load(quads);
                    a0 = Step(a0, v, q0 + at);
                    a1 = Step(a1, v, q1 + at);
                    a2 = Step(a2, v, q2 + at);
                    a3 = Step(a3, v, q3 + at);
                    a4 = Step(a4, v, q4 + at);
                    a5 = Step(a5, v, q5 + at);
                    a6 = Step(a6, v, q6 + at);
                    a7 = Step(a7, v, q7 + at);
                }
                h0 = Widen(h0, a0);
                h1 = Widen(h1, a1);
                h2 = Widen(h2, a2);
                h3 = Widen(h3, a3);
                h4 = Widen(h4, a4);
                h5 = Widen(h5, a5);
                h6 = Widen(h6, a6);
                h7 = Widen(h7, a7);
            }
            panel += Avx2PackedTile.BlockBytes;
            var scales = Vector512.Load(w.Scales + (2 * b * Rows));
            var minima = TFormat.HasMin ? Vector512.Load(w.Minima + (b * Rows)) : default;
            Add<TFormat>(h0, scales, d[0][b], n[0][(4 * b) + 2], minima, s[0][b], acc);
            Add<TFormat>(h1, scales, d[1][b], n[1][(4 * b) + 2], minima, s[1][b], acc + Rows);
            Add<TFormat>(h2, scales, d[2][b], n[2][(4 * b) + 2], minima, s[2][b], acc + (2 * Rows));
            Add<TFormat>(h3, scales, d[3][b], n[3][(4 * b) + 2], minima, s[3][b], acc + (3 * Rows));
            Add<TFormat>(h4, scales, d[4][b], n[4][(4 * b) + 2], minima, s[4][b], acc + (4 * Rows));
            Add<TFormat>(h5, scales, d[5][b], n[5][(4 * b) + 2], minima, s[5][b], acc + (5 * Rows));
            Add<TFormat>(h6, scales, d[6][b], n[6][(4 * b) + 2], minima, s[6][b], acc + (6 * Rows));
            Add<TFormat>(h7, scales, d[7][b], n[7][(4 * b) + 2], minima, s[7][b], acc + (7 * Rows));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Step(Vector512<short> sum, Vector512<byte> w, nint q) =>
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
        Vector512<int> sum, Vector512<float> scales, float scale, int n, Vector512<float> minima, float s, float* acc)
            where TFormat : struct, IAvx2Packed
    {
        if (TFormat.ZeroShift != 0)
            sum = Avx512F.Add(sum, Vector512.Create(n << TFormat.ZeroShift));
        var total = Avx512F.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(sum), scales * Vector512.Create(scale), Vector512.Load(acc));
        if (TFormat.HasMin)
            total = Avx512F.FusedMultiplyAdd(minima, Vector512.Create(s), total);
        total.Store(acc);
    }
}
