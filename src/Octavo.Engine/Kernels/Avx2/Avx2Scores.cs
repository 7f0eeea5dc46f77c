using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

/// <summary>Scores of a few queries: a lane per slot, so that no lanes are summed.</summary>
internal static unsafe class Avx2Scores
{
    private const int Positions = PageLayout.Positions;

    /// <summary>32 slots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void UpTo3<TCount, TNumbers>(float* q, nint headDim, byte* k, float* scales, float* scores, byte* ahead)
        where TCount : struct, ICount
        where TNumbers : struct, INumbers
    {
        for (nint first = 0; first < headDim;)
        {
            Vector256<float> a00 = default, a01 = default, a02 = default, a03 = default;
            Vector256<float> a10 = default, a11 = default, a12 = default, a13 = default;
            Vector256<float> a20 = default, a21 = default, a22 = default, a23 = default;
            var d = first;
            for (var end = TNumbers.HasScales ? Math.Min(headDim, first + PageLayout.BlockDims) : headDim; d < end; d++)
            {
                var u0 = Vector256.Create(q[d]);
                var u1 = TCount.Value > 1 ? Vector256.Create(q[headDim + d]) : default;
                var u2 = TCount.Value > 2 ? Vector256.Create(q[(2 * headDim) + d]) : default;
                var v = TNumbers.Load8(k);
                a00 = Fma.MultiplyAdd(v, u0, a00);
                a10 = TCount.Value > 1 ? Fma.MultiplyAdd(v, u1, a10) : default;
                a20 = TCount.Value > 2 ? Fma.MultiplyAdd(v, u2, a20) : default;
                v = TNumbers.Load8(k + (8 * TNumbers.Bytes));
                a01 = Fma.MultiplyAdd(v, u0, a01);
                a11 = TCount.Value > 1 ? Fma.MultiplyAdd(v, u1, a11) : default;
                a21 = TCount.Value > 2 ? Fma.MultiplyAdd(v, u2, a21) : default;
                v = TNumbers.Load8(k + (16 * TNumbers.Bytes));
                a02 = Fma.MultiplyAdd(v, u0, a02);
                a12 = TCount.Value > 1 ? Fma.MultiplyAdd(v, u1, a12) : default;
                a22 = TCount.Value > 2 ? Fma.MultiplyAdd(v, u2, a22) : default;
                v = TNumbers.Load8(k + (24 * TNumbers.Bytes));
                a03 = Fma.MultiplyAdd(v, u0, a03);
                a13 = TCount.Value > 1 ? Fma.MultiplyAdd(v, u1, a13) : default;
                a23 = TCount.Value > 2 ? Fma.MultiplyAdd(v, u2, a23) : default;
                Avx2Lanes.Fetch<TNumbers>(ahead);
                k += Positions * TNumbers.Bytes;
                ahead += Positions * TNumbers.Bytes;
            }
            Put<TNumbers>(a00, a01, a02, a03, scales, first, scores);
            if (TCount.Value > 1)
                Put<TNumbers>(a10, a11, a12, a13, scales, first, scores + Positions);
            if (TCount.Value > 2)
                Put<TNumbers>(a20, a21, a22, a23, scales, first, scores + (2 * Positions));
            first = d;
            scales += Positions;
        }
    }

    /// <summary>Four queries, 16 slots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void All4<TNumbers>(float* q, nint headDim, byte* k, float* scales, float* scores, byte* ahead)
        where TNumbers : struct, INumbers
    {
        var q2 = q + (2 * headDim);
        for (nint first = 0; first < headDim;)
        {
            Vector256<float> a00 = default, a01 = default, a10 = default, a11 = default;
            Vector256<float> a20 = default, a21 = default, a30 = default, a31 = default;
            var d = first;
            for (var end = TNumbers.HasScales ? Math.Min(headDim, first + PageLayout.BlockDims) : headDim; d < end; d++)
            {
                var v0 = TNumbers.Load8(k);
                var v1 = TNumbers.Load8(k + (8 * TNumbers.Bytes));
                var u = Vector256.Create(q[d]);
                a00 = Fma.MultiplyAdd(v0, u, a00);
                a01 = Fma.MultiplyAdd(v1, u, a01);
                u = Vector256.Create(q[headDim + d]);
                a10 = Fma.MultiplyAdd(v0, u, a10);
                a11 = Fma.MultiplyAdd(v1, u, a11);
                u = Vector256.Create(q2[d]);
                a20 = Fma.MultiplyAdd(v0, u, a20);
                a21 = Fma.MultiplyAdd(v1, u, a21);
                u = Vector256.Create(q2[headDim + d]);
                a30 = Fma.MultiplyAdd(v0, u, a30);
                a31 = Fma.MultiplyAdd(v1, u, a31);
                if (TNumbers.InPage)
                    Sse.Prefetch0(ahead);
                k += Positions * TNumbers.Bytes;
                ahead += Positions * TNumbers.Bytes;
            }
            Put<TNumbers>(a00, a01, scales, first, scores);
            Put<TNumbers>(a10, a11, scales, first, scores + Positions);
            Put<TNumbers>(a20, a21, scales, first, scores + (2 * Positions));
            Put<TNumbers>(a30, a31, scales, first, scores + (3 * Positions));
            first = d;
            scales += Positions;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TNumbers>(
        Vector256<float> a0, Vector256<float> a1, Vector256<float> a2, Vector256<float> a3, float* scales, nint first, float* y)
        where TNumbers : struct, INumbers
    {
        Put<TNumbers>(a0, a1, scales, first, y);
        Put<TNumbers>(a2, a3, scales + 16, first, y + 16);
    }

    /// <summary>A block's sums are scaled and added to those of the blocks before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TNumbers>(Vector256<float> a0, Vector256<float> a1, float* scales, nint first, float* y)
        where TNumbers : struct, INumbers
    {
        if (TNumbers.HasScales)
        {
            a0 *= Vector256.Load(scales);
            a1 *= Vector256.Load(scales + 8);
            if (first > 0)
            {
                a0 += Vector256.Load(y);
                a1 += Vector256.Load(y + 8);
            }
        }
        a0.Store(y);
        a1.Store(y + 8);
    }
}
