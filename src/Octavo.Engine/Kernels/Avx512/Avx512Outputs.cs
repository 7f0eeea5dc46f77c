using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

/// <summary>Weighted sums of values for up to four queries: 64 columns at a time, then 32 and 16.</summary>
internal static unsafe class Avx512Outputs
{
    private const int Positions = PageLayout.Positions;

    /// <summary>Up to 64 columns from some place on. The weights of the first 32 and of the others may differ by scales.</summary>
    internal readonly struct Columns(
        float* low, float* high, int stride, byte* v, Slots seen, float* kept, float* added, float* o, byte* ahead)
    {
        public readonly float* Low = low;
        public readonly float* High = high;
        public readonly nint Stride = stride;
        public readonly byte* V = v;
        public readonly Slots Seen = seen;
        public readonly float* Kept = kept;
        public readonly float* Added = added;
        public readonly float* O = o;
        public readonly byte* Ahead = ahead;
    }

    public static void Take<TCount, TNumbers>(in Columns run, int columns)
        where TCount : struct, ICount
        where TNumbers : struct, INumbers
    {
        if (columns >= 64)
            Columns64<TCount, TNumbers>(run);
        else
            Fewer<TCount, TNumbers>(run, columns);
    }

    private static void Fewer<TCount, TNumbers>(in Columns run, int columns)
        where TCount : struct, ICount
        where TNumbers : struct, INumbers
    {
        for (var i = 0; i < columns; i += 16)
        {
            var p = i < 32 ? run.Low : run.High;
            var at = i * TNumbers.Bytes;
            Columns16<TCount, TNumbers>(new Columns(
                p, p, (int)run.Stride, run.V + at, run.Seen, run.Kept, run.Added, run.O + i, run.Ahead + at));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns64<TCount, TNumbers>(in Columns run)
        where TCount : struct, ICount
        where TNumbers : struct, INumbers
    {
        Vector512<float> a00 = default, a01 = default, a02 = default, a03 = default, a10 = default, a11 = default, a12 = default, a13 = default;
        Vector512<float> a20 = default, a21 = default, a22 = default, a23 = default, a30 = default, a31 = default, a32 = default, a33 = default;
        var row = run.Stride * TNumbers.Bytes;
        nint j = run.Seen.From;
        nint end = run.Seen.To;
        var v = run.V + (j * row);
        var ahead = run.Ahead + (j * row);
        var p = run.Low;
        var high = run.High;
        for (; j < end; j++)
        {
            var w0 = TNumbers.Load16(v);
            var w1 = TNumbers.Load16(v + (16 * TNumbers.Bytes));
            var w2 = TNumbers.Load16(v + (32 * TNumbers.Bytes));
            var w3 = TNumbers.Load16(v + (48 * TNumbers.Bytes));
            Add<TNumbers>(w0, w1, w2, w3, p + j, high + j, ref a00, ref a01, ref a02, ref a03);
            if (TCount.Value > 1)
                Add<TNumbers>(w0, w1, w2, w3, p + Positions + j, high + Positions + j, ref a10, ref a11, ref a12, ref a13);
            if (TCount.Value > 2)
                Add<TNumbers>(w0, w1, w2, w3, p + (2 * Positions) + j, high + (2 * Positions) + j, ref a20, ref a21, ref a22, ref a23);
            if (TCount.Value > 3)
                Add<TNumbers>(w0, w1, w2, w3, p + (3 * Positions) + j, high + (3 * Positions) + j, ref a30, ref a31, ref a32, ref a33);
            Avx512Scores.Fetch<TNumbers>(ahead);
            v += row;
            ahead += row;
        }
        var stride = run.Stride;
        Merge(a00, a01, a02, a03, run.Kept[0], run.Added[0], run.O);
        if (TCount.Value > 1)
            Merge(a10, a11, a12, a13, run.Kept[1], run.Added[1], run.O + stride);
        if (TCount.Value > 2)
            Merge(a20, a21, a22, a23, run.Kept[2], run.Added[2], run.O + (2 * stride));
        if (TCount.Value > 3)
            Merge(a30, a31, a32, a33, run.Kept[3], run.Added[3], run.O + (3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns16<TCount, TNumbers>(in Columns run)
        where TCount : struct, ICount
        where TNumbers : struct, INumbers
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default;
        var row = run.Stride * TNumbers.Bytes;
        nint j = run.Seen.From;
        nint end = run.Seen.To;
        var v = run.V + (j * row);
        var p = run.Low;
        for (; j < end; j++, v += row)
        {
            var w = TNumbers.Load16(v);
            a0 = Avx512F.FusedMultiplyAdd(w, Vector512.Create(p[j]), a0);
            if (TCount.Value > 1)
                a1 = Avx512F.FusedMultiplyAdd(w, Vector512.Create(p[Positions + j]), a1);
            if (TCount.Value > 2)
                a2 = Avx512F.FusedMultiplyAdd(w, Vector512.Create(p[(2 * Positions) + j]), a2);
            if (TCount.Value > 3)
                a3 = Avx512F.FusedMultiplyAdd(w, Vector512.Create(p[(3 * Positions) + j]), a3);
        }
        Merge(a0, run.Kept[0], run.Added[0], run.O);
        if (TCount.Value > 1)
            Merge(a1, run.Kept[1], run.Added[1], run.O + run.Stride);
        if (TCount.Value > 2)
            Merge(a2, run.Kept[2], run.Added[2], run.O + (2 * run.Stride));
        if (TCount.Value > 3)
            Merge(a3, run.Kept[3], run.Added[3], run.O + (3 * run.Stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TNumbers>(
        Vector512<float> w0, Vector512<float> w1, Vector512<float> w2, Vector512<float> w3, float* low, float* high,
        ref Vector512<float> a0, ref Vector512<float> a1, ref Vector512<float> a2, ref Vector512<float> a3)
        where TNumbers : struct, INumbers
    {
        var u = Vector512.Create(*low);
        var second = TNumbers.HasScales ? Vector512.Create(*high) : u;
        a0 = Avx512F.FusedMultiplyAdd(w0, u, a0);
        a1 = Avx512F.FusedMultiplyAdd(w1, u, a1);
        a2 = Avx512F.FusedMultiplyAdd(w2, second, a2);
        a3 = Avx512F.FusedMultiplyAdd(w3, second, a3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Merge(
        Vector512<float> a0, Vector512<float> a1, Vector512<float> a2, Vector512<float> a3, float kept, float added, float* o)
    {
        Merge(a0, kept, added, o);
        Merge(a1, kept, added, o + 16);
        Merge(a2, kept, added, o + 32);
        Merge(a3, kept, added, o + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Merge(Vector512<float> a, float kept, float added, float* o) =>
        Avx512F.FusedMultiplyAdd(a, Vector512.Create(added), Vector512.Load(o) * Vector512.Create(kept)).Store(o);
}
