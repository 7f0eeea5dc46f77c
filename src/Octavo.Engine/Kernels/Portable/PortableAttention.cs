using System.Runtime.Intrinsics;

namespace Octavo.Engine.Kernels;

/// <summary>
/// One query row against one page, a head at a time. Scores sum their lanes as <see cref="PortableLanes.Sum"/> does; weights are
/// summed with position j in lane j mod 4; outputs go through positions in order.
/// </summary>
internal static unsafe class PortableAttention
{
    private const int Positions = 64;

    public static void Page(float* q, int heads, int headDim, float* k, float* v, int from, int to, float* m, float* l, float* o)
    {
        var weights = stackalloc float[Positions];
        for (var h = 0; h < heads; h++, q += headDim, o += headDim)
        {
            for (var j = from; j < to; j++)
                weights[j] = Score(q, k + (j * headDim), headDim);
            Weigh(weights, from, to, m + h, l + h, out var kept, out var added);
            var i = 0;
            for (; i + 16 <= headDim; i += 16)
                Outputs16(weights, headDim, v + i, from, to, kept, added, o + i);
            for (; i < headDim; i += 4)
                Outputs4(weights, headDim, v + i, from, to, kept, added, o + i);
        }
    }

    private static float Score(float* q, float* k, int headDim)
    {
        var even = Vector128<float>.Zero;
        var odd = Vector128<float>.Zero;
        var i = 0;
        for (; i + 8 <= headDim; i += 8)
        {
            even = Vector128.MultiplyAddEstimate(Vector128.Load(q + i), Vector128.Load(k + i), even);
            odd = Vector128.MultiplyAddEstimate(Vector128.Load(q + i + 4), Vector128.Load(k + i + 4), odd);
        }
        if (i < headDim)
            even = Vector128.MultiplyAddEstimate(Vector128.Load(q + i), Vector128.Load(k + i), even);
        return PortableLanes.Sum(even + odd);
    }

    /// <summary>Scores become weights exp(s − max); the running maximum and sum take the page in.</summary>
    private static void Weigh(float* scores, int from, int to, float* m, float* l, out float kept, out float added)
    {
        var first = from & ~3;
        var last = (to + 3) & ~3;
        for (var j = first; j < from; j++)
            scores[j] = float.NegativeInfinity;
        for (var j = to; j < last; j++)
            scores[j] = float.NegativeInfinity;
        var top = scores[from];
        for (var j = from + 1; j < to; j++)
            top = MathF.Max(top, scores[j]);
        var sums = Vector128<float>.Zero;
        for (var j = first; j < last; j += 4)
        {
            var p = PortableLanes.Exp(Vector128.Load(scores + j) - Vector128.Create(top));
            p.Store(scores + j);
            sums += p;
        }
        var higher = MathF.Max(*m, top);
        var factors = PortableLanes.Exp(Vector128.Create(*m - higher, top - higher, 0, 0));
        kept = factors.ToScalar();
        added = factors.GetElement(1);
        *l = (PortableLanes.Sum(sums) * added) + (*l * kept);
        *m = higher;
    }

    private static void Outputs16(float* weights, nint headDim, float* v, int from, int to, float kept, float added, float* o)
    {
        Vector128<float> a0 = default, a1 = default, a2 = default, a3 = default;
        v += from * headDim;
        for (nint j = from; j < to; j++, v += headDim)
        {
            var p = Vector128.Create(weights[j]);
            a0 = Vector128.MultiplyAddEstimate(p, Vector128.Load(v), a0);
            a1 = Vector128.MultiplyAddEstimate(p, Vector128.Load(v + 4), a1);
            a2 = Vector128.MultiplyAddEstimate(p, Vector128.Load(v + 8), a2);
            a3 = Vector128.MultiplyAddEstimate(p, Vector128.Load(v + 12), a3);
        }
        Merge(a0, kept, added, o);
        Merge(a1, kept, added, o + 4);
        Merge(a2, kept, added, o + 8);
        Merge(a3, kept, added, o + 12);
    }

    private static void Outputs4(float* weights, nint headDim, float* v, int from, int to, float kept, float added, float* o)
    {
        var acc = Vector128<float>.Zero;
        v += from * headDim;
        for (nint j = from; j < to; j++, v += headDim)
            acc = Vector128.MultiplyAddEstimate(Vector128.Create(weights[j]), Vector128.Load(v), acc);
        Merge(acc, kept, added, o);
    }

    private static void Merge(Vector128<float> page, float kept, float added, float* o) =>
        ((page * added) + (Vector128.Load(o) * kept)).Store(o);
}
