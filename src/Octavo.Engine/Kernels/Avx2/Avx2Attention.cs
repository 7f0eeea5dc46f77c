using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

/// <summary>
/// One query row against one page. Up to three heads share a pass over the page. Scores sum their lanes as
/// <see cref="Avx2Lanes.Sum(Vector256{float})"/> does; weights are summed with position j in lane j mod 8; outputs go through positions in order.
/// </summary>
internal static unsafe class Avx2Attention
{
    private const int Positions = 64;

    /// <summary>How many heads a pass takes; the JIT drops the branches of the others.</summary>
    private interface IHeads
    {
        static abstract int Count { get; }
    }

    private readonly struct OneHead : IHeads
    {
        public static int Count => 1;
    }

    private readonly struct TwoHeads : IHeads
    {
        public static int Count => 2;
    }

    private readonly struct ThreeHeads : IHeads
    {
        public static int Count => 3;
    }

    /// <summary>Whether a head ends in half a vector.</summary>
    private interface IWidth
    {
        static abstract bool HasHalf { get; }
    }

    private readonly struct Eights : IWidth
    {
        public static bool HasHalf => false;
    }

    private readonly struct Fours : IWidth
    {
        public static bool HasHalf => true;
    }

    public static void Page(float* q, int heads, int headDim, float* k, float* v, int from, int to, float* m, float* l, float* o)
    {
        var weights = stackalloc float[3 * Positions];
        for (var head = 0; head < heads;)
        {
            var left = heads - head;
            var at = head * headDim;
            if (left is 2 or 4)
            {
                Pass<TwoHeads>(q + at, headDim, k, v, from, to, m + head, l + head, o + at, weights);
                head += 2;
            }
            else if (left >= 3)
            {
                Pass<ThreeHeads>(q + at, headDim, k, v, from, to, m + head, l + head, o + at, weights);
                head += 3;
            }
            else
            {
                Pass<OneHead>(q + at, headDim, k, v, from, to, m + head, l + head, o + at, weights);
                head++;
            }
        }
    }

    private static void Pass<THeads>(
        float* q, int headDim, float* k, float* v, int from, int to, float* m, float* l, float* o, float* weights)
            where THeads : struct, IHeads
    {
        if (headDim % 8 == 0)
            Scores<THeads, Eights>(q, headDim, k, from, to, weights);
        else
            Scores<THeads, Fours>(q, headDim, k, from, to, weights);
        var kept = stackalloc float[3];
        var added = stackalloc float[3];
        for (var h = 0; h < THeads.Count; h++)
            Weigh(weights + (h * Positions), from, to, m + h, l + h, kept + h, added + h);
        Outputs<THeads>(weights, headDim, v, from, to, kept, added, o);
    }

    /// <summary>scores[h, j] = q[h]·k[j], four positions at a time from a multiple of four; those outside [from, to) are arbitrary.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scores<THeads, TWidth>(float* q, nint headDim, float* k, int from, int to, float* scores)
        where THeads : struct, IHeads
        where TWidth : struct, IWidth
    {
        var whole = headDim & ~7;
        var four = Avx2Lanes.First(4);
        for (var j = from & ~3; j < to; j += 4)
        {
            var k0 = k + (j * headDim);
            var k1 = k0 + headDim;
            var k2 = k1 + headDim;
            var k3 = k2 + headDim;
            Vector256<float> a00 = default, a01 = default, a02 = default, a03 = default;
            Vector256<float> a10 = default, a11 = default, a12 = default, a13 = default;
            Vector256<float> a20 = default, a21 = default, a22 = default, a23 = default;
            for (nint i = 0; i < headDim; i += 8)
            {
                var all = !TWidth.HasHalf || i < whole;
                var v0 = all ? Vector256.Load(k0 + i) : Avx.MaskLoad(k0 + i, four);
                var v1 = all ? Vector256.Load(k1 + i) : Avx.MaskLoad(k1 + i, four);
                var v2 = all ? Vector256.Load(k2 + i) : Avx.MaskLoad(k2 + i, four);
                var v3 = all ? Vector256.Load(k3 + i) : Avx.MaskLoad(k3 + i, four);
                var u = all ? Vector256.Load(q + i) : Avx.MaskLoad(q + i, four);
                a00 = Fma.MultiplyAdd(v0, u, a00);
                a01 = Fma.MultiplyAdd(v1, u, a01);
                a02 = Fma.MultiplyAdd(v2, u, a02);
                a03 = Fma.MultiplyAdd(v3, u, a03);
                if (THeads.Count > 1)
                {
                    u = all ? Vector256.Load(q + headDim + i) : Avx.MaskLoad(q + headDim + i, four);
                    a10 = Fma.MultiplyAdd(v0, u, a10);
                    a11 = Fma.MultiplyAdd(v1, u, a11);
                    a12 = Fma.MultiplyAdd(v2, u, a12);
                    a13 = Fma.MultiplyAdd(v3, u, a13);
                }
                if (THeads.Count > 2)
                {
                    u = all ? Vector256.Load(q + (2 * headDim) + i) : Avx.MaskLoad(q + (2 * headDim) + i, four);
                    a20 = Fma.MultiplyAdd(v0, u, a20);
                    a21 = Fma.MultiplyAdd(v1, u, a21);
                    a22 = Fma.MultiplyAdd(v2, u, a22);
                    a23 = Fma.MultiplyAdd(v3, u, a23);
                }
            }
            Avx2Lanes.Sum(a00, a01, a02, a03).Store(scores + j);
            if (THeads.Count > 1)
                Avx2Lanes.Sum(a10, a11, a12, a13).Store(scores + Positions + j);
            if (THeads.Count > 2)
                Avx2Lanes.Sum(a20, a21, a22, a23).Store(scores + (2 * Positions) + j);
        }
    }

    /// <summary>Scores become weights exp(s − max); the running maximum and sum take the page in.</summary>
    /// <param name="scores">64 scores, of which [from, to) count.</param>
    /// <param name="from">First visible position.</param>
    /// <param name="to">One past the last.</param>
    /// <param name="m">Running maximum.</param>
    /// <param name="l">Running sum.</param>
    /// <param name="kept">What the running output is to be multiplied with.</param>
    /// <param name="added">What the page's output is to be multiplied with.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Weigh(float* scores, int from, int to, float* m, float* l, float* kept, float* added)
    {
        var first = from & ~7;
        var last = (to + 7) & ~7;
        for (var j = first; j < from; j++)
            scores[j] = float.NegativeInfinity;
        for (var j = to; j < last; j++)
            scores[j] = float.NegativeInfinity;
        var tops = Vector256.Load(scores + first);
        for (var j = first + 8; j < last; j += 8)
            tops = Avx.Max(tops, Vector256.Load(scores + j));
        var four = Sse.Max(tops.GetLower(), tops.GetUpper());
        var two = Sse.Max(four, Sse.MoveHighToLow(four, four));
        var top = Sse.MaxScalar(two, Sse.Shuffle(two, two, 1)).ToScalar();
        var sums = Vector256<float>.Zero;
        for (var j = first; j < last; j += 8)
        {
            var p = Avx2Exponential.Of(Vector256.Load(scores + j) - Vector256.Create(top));
            p.Store(scores + j);
            sums += p;
        }
        var higher = MathF.Max(*m, top);
        var factors = Avx2Exponential.Of(Vector256.Create(*m - higher, top - higher, 0, 0, 0, 0, 0, 0));
        *kept = factors.GetElement(0);
        *added = factors.GetElement(1);
        *l = MathF.FusedMultiplyAdd(Avx2Lanes.Sum(sums), *added, *l * *kept);
        *m = higher;
    }

    /// <summary>o[h] = o[h]·kept[h] + (Σ_j weights[h, j]·v[j])·added[h].</summary>
    private static void Outputs<THeads>(
        float* weights, int headDim, float* v, int from, int to, float* kept, float* added, float* o) where THeads : struct, IHeads
    {
        var i = 0;
        for (; i + 32 <= headDim; i += 32)
            Outputs32<THeads>(weights, headDim, v + i, from, to, kept, added, o + i);
        for (; i < headDim; i += 8)
        {
            var mask = Avx2Lanes.First(headDim - i);
            for (var h = 0; h < THeads.Count; h++)
                Outputs8(weights + (h * Positions), headDim, v + i, from, to, kept[h], added[h], o + (h * headDim) + i, mask);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Outputs8(
        float* weights, nint headDim, float* v, int from, int to, float kept, float added, float* o, Vector256<float> mask)
    {
        var acc = Vector256<float>.Zero;
        v += from * headDim;
        for (nint j = from; j < to; j++, v += headDim)
            acc = Fma.MultiplyAdd(Vector256.Create(weights[j]), Avx.MaskLoad(v, mask), acc);
        var before = Avx.MaskLoad(o, mask) * Vector256.Create(kept);
        Avx.MaskStore(o, mask, Fma.MultiplyAdd(acc, Vector256.Create(added), before));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Outputs32<THeads>(
        float* weights, nint headDim, float* v, int from, int to, float* kept, float* added, float* o) where THeads : struct, IHeads
    {
        Vector256<float> a00 = default, a01 = default, a02 = default, a03 = default;
        Vector256<float> a10 = default, a11 = default, a12 = default, a13 = default;
        Vector256<float> a20 = default, a21 = default, a22 = default, a23 = default;
        v += from * headDim;
        for (nint j = from; j < to; j++, v += headDim)
        {
            var v0 = Vector256.Load(v);
            var v1 = Vector256.Load(v + 8);
            var v2 = Vector256.Load(v + 16);
            var v3 = Vector256.Load(v + 24);
            var p = Vector256.Create(weights[j]);
            a00 = Fma.MultiplyAdd(p, v0, a00);
            a01 = Fma.MultiplyAdd(p, v1, a01);
            a02 = Fma.MultiplyAdd(p, v2, a02);
            a03 = Fma.MultiplyAdd(p, v3, a03);
            if (THeads.Count > 1)
            {
                p = Vector256.Create(weights[Positions + j]);
                a10 = Fma.MultiplyAdd(p, v0, a10);
                a11 = Fma.MultiplyAdd(p, v1, a11);
                a12 = Fma.MultiplyAdd(p, v2, a12);
                a13 = Fma.MultiplyAdd(p, v3, a13);
            }
            if (THeads.Count > 2)
            {
                p = Vector256.Create(weights[(2 * Positions) + j]);
                a20 = Fma.MultiplyAdd(p, v0, a20);
                a21 = Fma.MultiplyAdd(p, v1, a21);
                a22 = Fma.MultiplyAdd(p, v2, a22);
                a23 = Fma.MultiplyAdd(p, v3, a23);
            }
        }
        Merge(a00, a01, a02, a03, kept[0], added[0], o);
        if (THeads.Count > 1)
            Merge(a10, a11, a12, a13, kept[1], added[1], o + headDim);
        if (THeads.Count > 2)
            Merge(a20, a21, a22, a23, kept[2], added[2], o + (2 * headDim));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Merge(
        Vector256<float> a0, Vector256<float> a1, Vector256<float> a2, Vector256<float> a3, float kept, float added, float* o)
    {
        var by = Vector256.Create(kept);
        var gain = Vector256.Create(added);
        Fma.MultiplyAdd(a0, gain, Vector256.Load(o) * by).Store(o);
        Fma.MultiplyAdd(a1, gain, Vector256.Load(o + 8) * by).Store(o + 8);
        Fma.MultiplyAdd(a2, gain, Vector256.Load(o + 16) * by).Store(o + 16);
        Fma.MultiplyAdd(a3, gain, Vector256.Load(o + 24) * by).Store(o + 24);
    }
}
