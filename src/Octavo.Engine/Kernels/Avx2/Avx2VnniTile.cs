using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

/// <summary>The tile of AVX-VNNI: sixteen rows by four tokens; eight sums, two weights and one activation in registers.</summary>
/// <typeparam name="TPlanes">Planes of the activations.</typeparam>
internal readonly unsafe struct Avx2VnniTile<TPlanes> : IAvx2Tile
    where TPlanes : struct, IPlanes
{
    private const int QuadBytes = 4 * Avx2PackedTile.Rows;

    public static int Tokens => 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TFormat>(in PanelPart w, sbyte** q, float** d, float** s, int** n, float* acc)
        where TFormat : struct, IAvx2Packed
    {
        var (q0, q1, q2, q3) = ((nint)q[0], (nint)q[1], (nint)q[2], (nint)q[3]);
        var panel = w.Quads;
        var scales = w.Scales;
        var minima = w.Minima;
        var parts = TFormat.HasHalves ? 2 : 1;
        nint at = 0;
        for (nint b = 0; b < w.Blocks; b++, at += 32 * TPlanes.Count)
        {
            for (var half = 0; half < parts; half++)
            {
                Vector256<int> a00 = default, a01 = default, a10 = default, a11 = default;
                Vector256<int> a20 = default, a21 = default, a30 = default, a31 = default;
                for (var plane = 0; plane < TPlanes.Count; plane++)
                {
                    var from = at + (half * 16) + (plane * 32);
                    var quads = panel;
                    for (var end = from + (32 / parts); from < end; from += 4, quads += QuadBytes)
                    {
                        var w0 = Vector256.Load(quads);
                        var w1 = Vector256.Load(quads + 32);
                        var v = Avx2Dot.Broadcast(q0 + from);
                        a00 = AvxVnni.MultiplyWideningAndAdd(a00, w0, v);
                        a01 = AvxVnni.MultiplyWideningAndAdd(a01, w1, v);
                        v = Avx2Dot.Broadcast(q1 + from);
                        a10 = AvxVnni.MultiplyWideningAndAdd(a10, w0, v);
                        a11 = AvxVnni.MultiplyWideningAndAdd(a11, w1, v);
                        v = Avx2Dot.Broadcast(q2 + from);
                        a20 = AvxVnni.MultiplyWideningAndAdd(a20, w0, v);
                        a21 = AvxVnni.MultiplyWideningAndAdd(a21, w1, v);
                        v = Avx2Dot.Broadcast(q3 + from);
                        a30 = AvxVnni.MultiplyWideningAndAdd(a30, w0, v);
                        a31 = AvxVnni.MultiplyWideningAndAdd(a31, w1, v);
                    }
                    if (TPlanes.Count == 2 && plane == 0)
                    {
                        a00 = Avx2.ShiftLeftLogical(a00, 8);
                        a01 = Avx2.ShiftLeftLogical(a01, 8);
                        a10 = Avx2.ShiftLeftLogical(a10, 8);
                        a11 = Avx2.ShiftLeftLogical(a11, 8);
                        a20 = Avx2.ShiftLeftLogical(a20, 8);
                        a21 = Avx2.ShiftLeftLogical(a21, 8);
                        a30 = Avx2.ShiftLeftLogical(a30, 8);
                        a31 = Avx2.ShiftLeftLogical(a31, 8);
                    }
                }
                panel += QuadBytes * 8 / parts;
                var zero = TFormat.HasHalves ? (4 * b) + half : (4 * b) + 2;
                var s0 = Vector256.Load(scales);
                var s1 = Vector256.Load(scales + 8);
                Add<TFormat>(a00, a01, s0, s1, d[0][b], n[0][zero], minima, s[0][b], acc);
                Add<TFormat>(a10, a11, s0, s1, d[1][b], n[1][zero], minima, s[1][b], acc + Avx2PackedTile.Rows);
                Add<TFormat>(a20, a21, s0, s1, d[2][b], n[2][zero], minima, s[2][b], acc + (2 * Avx2PackedTile.Rows));
                Add<TFormat>(a30, a31, s0, s1, d[3][b], n[3][zero], minima, s[3][b], acc + (3 * Avx2PackedTile.Rows));
                scales += Avx2PackedTile.Rows;
            }
            if (!TFormat.HasHalves)
                scales += Avx2PackedTile.Rows;
            minima += Avx2PackedTile.Rows;
        }
    }

    /// <summary>One token's sums of sixteen rows, scaled and added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TFormat>(
        Vector256<int> sum0, Vector256<int> sum1, Vector256<float> s0, Vector256<float> s1, float scale, int n, float* minima, float s, float* acc)
            where TFormat : struct, IAvx2Packed
    {
        if (TFormat.ZeroShift != 0)
        {
            var zero = Vector256.Create(n << TFormat.ZeroShift);
            sum0 = Avx2.Add(sum0, zero);
            sum1 = Avx2.Add(sum1, zero);
        }
        var d = Vector256.Create(scale);
        var low = Fma.MultiplyAdd(Avx.ConvertToVector256Single(sum0), s0 * d, Vector256.Load(acc));
        var high = Fma.MultiplyAdd(Avx.ConvertToVector256Single(sum1), s1 * d, Vector256.Load(acc + 8));
        if (TFormat.HasMin)
        {
            var sum = Vector256.Create(s);
            low = Fma.MultiplyAdd(Vector256.Load(minima), sum, low);
            high = Fma.MultiplyAdd(Vector256.Load(minima + 8), sum, high);
        }
        low.Store(acc);
        high.Store(acc + 8);
    }
}
