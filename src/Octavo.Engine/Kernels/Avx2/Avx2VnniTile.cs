using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

/// <summary>The tile of AVX-VNNI: sixteen rows by four tokens; eight sums, two weights and one activation in registers.</summary>
internal readonly unsafe struct Avx2VnniTile : IAvx2Tile
{
    private const int Rows = Avx2PackedTile.Rows;
    private const int QuadBytes = 4 * Rows;

    public static void Multiply<TFormat>(in PanelPart w, in QuantizedRows x, float* acc) where TFormat : struct, IAvx2Packed =>
        Blocks<TFormat>(w.Quads, w.Scales, w.Minima, w.Blocks, x.Q, x.D, x.S, x.N, acc);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Blocks<TFormat>(
        byte* panel, float* scales, float* minima, int blocks, sbyte* q, float* d, float* s, int* n, float* acc)
            where TFormat : struct, IAvx2Packed
    {
        var quads = TFormat.HasHalves ? 4 : 8;
        for (; blocks > 0; blocks--)
        {
            // not 0 where the low bytes of one of the four tokens count; those of the others are 0
            var wide = *(long*)(n + QuantizedRows.Wide) | *(long*)(n + QuantizedRows.Wide + 2);
            Block<TFormat>(panel, quads, q, wide, scales, d, n + (TFormat.HasHalves ? 0 : QuantizedRows.Both), minima, s, acc);
            if (TFormat.HasHalves)
                Block<TFormat>(panel + (4 * QuadBytes), 4, q + 16, wide, scales + Rows, d, n + QuantizedRows.Tile, minima, s, acc);
            panel += 8 * QuadBytes;
            q += QuantizedRows.BlockBytes;
            scales += 2 * Rows;
            minima += Rows;
            d += QuantizedRows.Tile;
            s += QuantizedRows.Tile;
            n += QuantizedRows.Numbers;
        }
    }

    /// <summary>A block, or half of one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block<TFormat>(
        byte* panel, int quads, sbyte* q, long wide, float* scales, float* d, int* n, float* minima, float* s, float* acc)
            where TFormat : struct, IAvx2Packed
    {
        Vector256<int> a00 = default, a01 = default, a10 = default, a11 = default;
        Vector256<int> a20 = default, a21 = default, a30 = default, a31 = default;
        var s0 = Vector256.Load(scales);
        var s1 = Vector256.Load(scales + 8);
        for (var at = (nint)q; ;)
        {
            var from = panel;
            for (var end = at + (4 * quads); at < end; at += 4, from += QuadBytes)
            {
                var w0 = Vector256.Load(from);
                var w1 = Vector256.Load(from + 32);
                var v = Avx2Dot.Broadcast(at);
                a00 = AvxVnni.MultiplyWideningAndAdd(a00, w0, v);
                a01 = AvxVnni.MultiplyWideningAndAdd(a01, w1, v);
                v = Avx2Dot.Broadcast(at + 32);
                a10 = AvxVnni.MultiplyWideningAndAdd(a10, w0, v);
                a11 = AvxVnni.MultiplyWideningAndAdd(a11, w1, v);
                v = Avx2Dot.Broadcast(at + 64);
                a20 = AvxVnni.MultiplyWideningAndAdd(a20, w0, v);
                a21 = AvxVnni.MultiplyWideningAndAdd(a21, w1, v);
                v = Avx2Dot.Broadcast(at + 96);
                a30 = AvxVnni.MultiplyWideningAndAdd(a30, w0, v);
                a31 = AvxVnni.MultiplyWideningAndAdd(a31, w1, v);
            }
            if (at - (nint)q >= QuantizedRows.PlaneBytes)
                break;
            if (TFormat.ZeroShift != 0 || wide != 0)
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
            else
            {
                // the same factor of 256 in two places instead of eight; a power of two changes no bit
                s0 *= 256;
                s1 *= 256;
            }
            if (wide == 0)
                break;
            at = (nint)q + QuantizedRows.PlaneBytes;
        }
        var m0 = TFormat.HasMin ? Vector256.Load(minima) : default;
        var m1 = TFormat.HasMin ? Vector256.Load(minima + 8) : default;
        Add<TFormat>(a00, a01, s0, s1, d, n, m0, m1, s, acc);
        Add<TFormat>(a10, a11, s0, s1, d + 1, n + 1, m0, m1, s + 1, acc + Rows);
        Add<TFormat>(a20, a21, s0, s1, d + 2, n + 2, m0, m1, s + 2, acc + (2 * Rows));
        Add<TFormat>(a30, a31, s0, s1, d + 3, n + 3, m0, m1, s + 3, acc + (3 * Rows));
    }

    /// <summary>One token's sums of sixteen rows, scaled and added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TFormat>(
        Vector256<int> sum0, Vector256<int> sum1, Vector256<float> s0, Vector256<float> s1, float* d, int* n, Vector256<float> m0,
        Vector256<float> m1, float* s, float* acc)
            where TFormat : struct, IAvx2Packed
    {
        if (TFormat.ZeroShift != 0)
        {
            var zero = Avx2.ShiftLeftLogical(Vector256.Create(*n), Vector128.CreateScalar(TFormat.ZeroShift));
            sum0 = Avx2.Add(sum0, zero);
            sum1 = Avx2.Add(sum1, zero);
        }
        var scale = Vector256.Create(*d);
        var low = Fma.MultiplyAdd(Avx.ConvertToVector256Single(sum0), s0 * scale, Vector256.Load(acc));
        var high = Fma.MultiplyAdd(Avx.ConvertToVector256Single(sum1), s1 * scale, Vector256.Load(acc + 8));
        if (TFormat.HasMin)
        {
            var sum = Vector256.Create(*s);
            low = Fma.MultiplyAdd(m0, sum, low);
            high = Fma.MultiplyAdd(m1, sum, high);
        }
        low.Store(acc);
        high.Store(acc + 8);
    }
}
