namespace Octavo.Engine.Kernels;

/// <summary>The reference: one query, one position, one number at a time.</summary>
internal static unsafe class ScalarAttention
{
    public static void Page(in PageView page, in QueryBlock queries, Slots* visible, float* weights)
    {
        for (var query = 0; query < queries.Count; query++)
        {
            var (from, to) = visible[query];
            if (from >= to)
                continue;
            var q = queries.Q + ((long)query * page.Layout.HeadDim);
            var o = queries.O + ((long)query * page.Layout.ValueStride);
            Scores(page, q, from, to, queries.Softcap, weights);
            if (queries.Bias != null)
                queries.AddBias(query, weights, visible[query]);
            One(page, from, to, ref queries.M[query], ref queries.L[query], o, weights);
        }
    }

    /// <summary>Scores of all slots for several queries.</summary>
    public static void Scores(in PageView page, float* q, int count, float* scores)
    {
        for (var query = 0; query < count; query++)
            Scores(page, q + ((long)query * page.Layout.HeadDim), 0, PageLayout.Positions, 0, scores + ((long)query * PageLayout.Positions));
    }

    private static void Scores(in PageView page, float* q, int from, int to, float cap, float* scores)
    {
        for (var j = from; j < to; j++)
        {
            scores[j] = 0;
            for (var d = 0; d < page.Layout.HeadDim; d++)
                scores[j] += q[d] * ScalarPages.Key(page, j, d);
            if (cap != 0)
                scores[j] = cap * MathF.Tanh(scores[j] / cap);
        }
    }

    private static void One(in PageView page, int from, int to, ref float m, ref float l, float* o, float* weights)
    {
        var headDim = page.Layout.HeadDim;
        var top = float.NegativeInfinity;
        for (var j = from; j < to; j++)
            top = MathF.Max(top, weights[j]);
        var sum = 0f;
        for (var j = from; j < to; j++)
        {
            weights[j] = MathF.Exp(weights[j] - top);
            sum += weights[j];
        }
        var higher = MathF.Max(m, top);
        var kept = MathF.Exp(m - higher);
        var added = MathF.Exp(top - higher);
        m = higher;
        l = (l * kept) + (sum * added);
        for (var d = 0; d < headDim; d++)
        {
            var output = 0f;
            for (var j = from; j < to; j++)
                output += weights[j] * ScalarPages.Value(page, j, d);
            o[d] = (o[d] * kept) + (output * added);
        }
    }
}
