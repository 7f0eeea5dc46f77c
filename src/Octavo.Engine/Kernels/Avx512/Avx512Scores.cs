using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

/// <summary>Scores of up to four queries over all slots of a page: sixteen accumulators of the 32 registers.</summary>
internal static unsafe class Avx512Scores
{
    private const int Positions = PageLayout.Positions;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void All<TCount, TNumbers>(float* q, nint headDim, byte* k, float* scales, float* scores, byte* ahead)
        where TCount : struct, ICount
        where TNumbers : struct, INumbers
    {
        var q2 = q + (2 * headDim);
        for (nint first = 0; first < headDim;)
        {
            Vector512<float> a00 = default, a01 = default, a02 = default, a03 = default, a10 = default, a11 = default, a12 = default, a13 = default;
            Vector512<float> a20 = default, a21 = default, a22 = default, a23 = default, a30 = default, a31 = default, a32 = default, a33 = default;
            var d = first;
            for (var end = TNumbers.HasScales ? Math.Min(headDim, first + PageLayout.BlockDims) : headDim; d < end; d++)
            {
                var v0 = TNumbers.Load16(k);
                var v1 = TNumbers.Load16(k + (16 * TNumbers.Bytes));
                var v2 = TNumbers.Load16(k + (32 * TNumbers.Bytes));
                var v3 = TNumbers.Load16(k + (48 * TNumbers.Bytes));
                Add(v0, v1, v2, v3, q[d], ref a00, ref a01, ref a02, ref a03);
                if (TCount.Value > 1)
                    Add(v0, v1, v2, v3, q[headDim + d], ref a10, ref a11, ref a12, ref a13);
                if (TCount.Value > 2)
                    Add(v0, v1, v2, v3, q2[d], ref a20, ref a21, ref a22, ref a23);
                if (TCount.Value > 3)
                    Add(v0, v1, v2, v3, q2[headDim + d], ref a30, ref a31, ref a32, ref a33);
                Fetch<TNumbers>(ahead);
                k += Positions * TNumbers.Bytes;
                ahead += Positions * TNumbers.Bytes;
            }
            Put<TNumbers>(a00, a01, a02, a03, scales, first, scores);
            if (TCount.Value > 1)
                Put<TNumbers>(a10, a11, a12, a13, scales, first, scores + Positions);
            if (TCount.Value > 2)
                Put<TNumbers>(a20, a21, a22, a23, scales, first, scores + (2 * Positions));
            if (TCount.Value > 3)
                Put<TNumbers>(a30, a31, a32, a33, scales, first, scores + (3 * Positions));
            first = d;
            scales += Positions;
        }
    }

    /// <summary>Fetches 64 numbers of a page early.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch<TNumbers>(byte* ahead) where TNumbers : struct, INumbers
    {
        if (!TNumbers.InPage)
            return;
        Sse.Prefetch0(ahead);
        if (TNumbers.Bytes > 1)
            Sse.Prefetch0(ahead + 64);
        if (TNumbers.Bytes == 4)
        {
            Sse.Prefetch0(ahead + 128);
            Sse.Prefetch0(ahead + 192);
        }
    }

    /// <summary>a += v · u.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(
        Vector512<float> v0, Vector512<float> v1, Vector512<float> v2, Vector512<float> v3, float number,
        ref Vector512<float> a0, ref Vector512<float> a1, ref Vector512<float> a2, ref Vector512<float> a3)
    {
        var u = Vector512.Create(number);
        a0 = Avx512F.FusedMultiplyAdd(v0, u, a0);
        a1 = Avx512F.FusedMultiplyAdd(v1, u, a1);
        a2 = Avx512F.FusedMultiplyAdd(v2, u, a2);
        a3 = Avx512F.FusedMultiplyAdd(v3, u, a3);
    }

    /// <summary>A block's sums are scaled and added to those of the blocks before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TNumbers>(
        Vector512<float> a0, Vector512<float> a1, Vector512<float> a2, Vector512<float> a3, float* scales, nint first, float* y)
        where TNumbers : struct, INumbers
    {
        if (TNumbers.HasScales)
        {
            a0 *= Vector512.Load(scales);
            a1 *= Vector512.Load(scales + 16);
            a2 *= Vector512.Load(scales + 32);
            a3 *= Vector512.Load(scales + 48);
            if (first > 0)
            {
                a0 += Vector512.Load(y);
                a1 += Vector512.Load(y + 16);
                a2 += Vector512.Load(y + 32);
                a3 += Vector512.Load(y + 48);
            }
        }
        a0.Store(y);
        a1.Store(y + 16);
        a2.Store(y + 32);
        a3.Store(y + 48);
    }
}
