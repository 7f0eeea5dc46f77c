using System.Runtime.Intrinsics;

namespace Octavo.Engine.Kernels;

/// <summary>
/// One query after the other against a page that is expanded once. Scores have a lane per slot; weights are summed with slot j in lane
/// j mod 4; outputs go through slots in order.
/// </summary>
internal static unsafe class PortableAttention
{
    private const int Positions = PageLayout.Positions;

    public static void Page(in PageView page, in QueryBlock queries, Slots* visible, float* scratch)
    {
        var (headDim, stride) = (page.Layout.HeadDim, page.Layout.ValueStride);
        var weights = scratch + (Positions * stride);
        var kept = weights + (Positions * (long)queries.Count);
        var added = kept + queries.Count;
        var k = PortablePages.Keys(page, scratch);
        for (var i = 0; i < queries.Count; i++)
        {
            if (visible[i].IsEmpty)
                continue;
            var scores = weights + (Positions * (long)i);
            for (var j = visible[i].From & ~15; j < visible[i].To; j += 16)
                Scores16(queries.Q + ((long)i * headDim), headDim, k + j, scores + j);
            if (queries.Softcap != 0)
                PortableElementwise.Cap(scores + visible[i].From, queries.Softcap, visible[i].To - visible[i].From);
            if (queries.Bias != null)
                queries.AddBias(i, scores, visible[i]);
            Weigh(scores, visible[i], queries.M + i, queries.L + i, kept + i, added + i);
        }
        var v = PortablePages.Values(page, scratch);
        for (var i = 0; i < queries.Count; i++)
        {
            if (visible[i].IsEmpty)
                continue;
            for (var d = 0; d < stride; d += 16)
                Outputs16(weights + (Positions * (long)i), stride, v + d, visible[i], kept[i], added[i], queries.O + ((long)i * stride) + d);
        }
    }

    private static void Scores16(float* q, int headDim, float* k, float* scores)
    {
        Vector128<float> a0 = default, a1 = default, a2 = default, a3 = default;
        for (var d = 0; d < headDim; d++, k += Positions)
        {
            var u = Vector128.Create(q[d]);
            a0 = Vector128.MultiplyAddEstimate(u, Vector128.Load(k), a0);
            a1 = Vector128.MultiplyAddEstimate(u, Vector128.Load(k + 4), a1);
            a2 = Vector128.MultiplyAddEstimate(u, Vector128.Load(k + 8), a2);
            a3 = Vector128.MultiplyAddEstimate(u, Vector128.Load(k + 12), a3);
        }
        a0.Store(scores);
        a1.Store(scores + 4);
        a2.Store(scores + 8);
        a3.Store(scores + 12);
    }

    /// <summary>Scores become weights exp(s − max); the running maximum and sum take the page in.</summary>
    private static void Weigh(float* scores, Slots own, float* m, float* l, float* kept, float* added)
    {
        var (from, to) = own;
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
        *kept = factors.ToScalar();
        *added = factors.GetElement(1);
        *l = (PortableLanes.Sum(sums) * *added) + (*l * *kept);
        *m = higher;
    }

    private static void Outputs16(float* weights, nint stride, float* v, Slots own, float kept, float added, float* o)
    {
        Vector128<float> a0 = default, a1 = default, a2 = default, a3 = default;
        v += own.From * stride;
        for (nint j = own.From; j < own.To; j++, v += stride)
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

    private static void Merge(Vector128<float> page, float kept, float added, float* o) =>
        ((page * added) + (Vector128.Load(o) * kept)).Store(o);
}
