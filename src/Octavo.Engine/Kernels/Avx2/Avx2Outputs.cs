using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

/// <summary>Weighted sums of values for a few queries: a lane per column, slots in order.</summary>
internal static unsafe class Avx2Outputs
{
    private const int Positions = PageLayout.Positions;

    /// <summary>Up to three queries.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Columns32<TCount, TNumbers>(float* p, nint stride, byte* v, Slots seen, float* kept, float* added, float* o, byte* ahead)
        where TCount : struct, ICount
        where TNumbers : struct, INumbers
    {
        Vector256<float> a00 = default, a01 = default, a02 = default, a03 = default;
        Vector256<float> a10 = default, a11 = default, a12 = default, a13 = default;
        Vector256<float> a20 = default, a21 = default, a22 = default, a23 = default;
        var row = stride * TNumbers.Bytes;
        v += seen.From * row;
        ahead += seen.From * row;
        for (nint j = seen.From; j < seen.To; j++)
        {
            var u0 = Vector256.Create(p[j]);
            var u1 = TCount.Value > 1 ? Vector256.Create(p[Positions + j]) : default;
            var u2 = TCount.Value > 2 ? Vector256.Create(p[(2 * Positions) + j]) : default;
            var w = TNumbers.Load8(v);
            a00 = Fma.MultiplyAdd(w, u0, a00);
            a10 = TCount.Value > 1 ? Fma.MultiplyAdd(w, u1, a10) : default;
            a20 = TCount.Value > 2 ? Fma.MultiplyAdd(w, u2, a20) : default;
            w = TNumbers.Load8(v + (8 * TNumbers.Bytes));
            a01 = Fma.MultiplyAdd(w, u0, a01);
            a11 = TCount.Value > 1 ? Fma.MultiplyAdd(w, u1, a11) : default;
            a21 = TCount.Value > 2 ? Fma.MultiplyAdd(w, u2, a21) : default;
            w = TNumbers.Load8(v + (16 * TNumbers.Bytes));
            a02 = Fma.MultiplyAdd(w, u0, a02);
            a12 = TCount.Value > 1 ? Fma.MultiplyAdd(w, u1, a12) : default;
            a22 = TCount.Value > 2 ? Fma.MultiplyAdd(w, u2, a22) : default;
            w = TNumbers.Load8(v + (24 * TNumbers.Bytes));
            a03 = Fma.MultiplyAdd(w, u0, a03);
            a13 = TCount.Value > 1 ? Fma.MultiplyAdd(w, u1, a13) : default;
            a23 = TCount.Value > 2 ? Fma.MultiplyAdd(w, u2, a23) : default;
            Avx2Lanes.Fetch<TNumbers>(ahead);
            v += row;
            ahead += row;
        }
        Merge(a00, a01, a02, a03, kept[0], added[0], o);
        if (TCount.Value > 1)
            Merge(a10, a11, a12, a13, kept[1], added[1], o + stride);
        if (TCount.Value > 2)
            Merge(a20, a21, a22, a23, kept[2], added[2], o + (2 * stride));
    }

    /// <summary>Up to four queries.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Columns16<TCount, TNumbers>(float* p, nint stride, byte* v, Slots seen, float* kept, float* added, float* o, byte* ahead)
        where TCount : struct, ICount
        where TNumbers : struct, INumbers
    {
        Vector256<float> a00 = default, a01 = default, a10 = default, a11 = default;
        Vector256<float> a20 = default, a21 = default, a30 = default, a31 = default;
        var row = stride * TNumbers.Bytes;
        v += seen.From * row;
        ahead += seen.From * row;
        for (nint j = seen.From; j < seen.To; j++)
        {
            var w0 = TNumbers.Load8(v);
            var w1 = TNumbers.Load8(v + (8 * TNumbers.Bytes));
            var u = Vector256.Create(p[j]);
            a00 = Fma.MultiplyAdd(w0, u, a00);
            a01 = Fma.MultiplyAdd(w1, u, a01);
            u = TCount.Value > 1 ? Vector256.Create(p[Positions + j]) : default;
            a10 = TCount.Value > 1 ? Fma.MultiplyAdd(w0, u, a10) : default;
            a11 = TCount.Value > 1 ? Fma.MultiplyAdd(w1, u, a11) : default;
            u = TCount.Value > 2 ? Vector256.Create(p[(2 * Positions) + j]) : default;
            a20 = TCount.Value > 2 ? Fma.MultiplyAdd(w0, u, a20) : default;
            a21 = TCount.Value > 2 ? Fma.MultiplyAdd(w1, u, a21) : default;
            u = TCount.Value > 3 ? Vector256.Create(p[(3 * Positions) + j]) : default;
            a30 = TCount.Value > 3 ? Fma.MultiplyAdd(w0, u, a30) : default;
            a31 = TCount.Value > 3 ? Fma.MultiplyAdd(w1, u, a31) : default;
            if (TNumbers.InPage)
                Sse.Prefetch0(ahead);
            v += row;
            ahead += row;
        }
        Merge(a00, a01, kept[0], added[0], o);
        if (TCount.Value > 1)
            Merge(a10, a11, kept[1], added[1], o + stride);
        if (TCount.Value > 2)
            Merge(a20, a21, kept[2], added[2], o + (2 * stride));
        if (TCount.Value > 3)
            Merge(a30, a31, kept[3], added[3], o + (3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Merge(
        Vector256<float> a0, Vector256<float> a1, Vector256<float> a2, Vector256<float> a3, float kept, float added, float* o)
    {
        Merge(a0, a1, kept, added, o);
        Merge(a2, a3, kept, added, o + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Merge(Vector256<float> a0, Vector256<float> a1, float kept, float added, float* o)
    {
        var by = Vector256.Create(kept);
        var gain = Vector256.Create(added);
        Fma.MultiplyAdd(a0, gain, Vector256.Load(o) * by).Store(o);
        Fma.MultiplyAdd(a1, gain, Vector256.Load(o + 8) * by).Store(o + 8);
    }
}
