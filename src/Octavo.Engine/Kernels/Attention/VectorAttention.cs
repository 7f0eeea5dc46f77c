using System.Runtime.CompilerServices;

namespace Octavo.Engine.Kernels;

/// <summary>
/// Queries against one page: scores of all, their weights, then outputs of all. Few queries read the page as it is stored; many have its
/// numbers expanded to fp32 once. Both read the same numbers in the same order, so the bits are the same.
/// </summary>
internal static unsafe class VectorAttention
{
    private const int Positions = PageLayout.Positions;

    /// <summary>From so many queries on expanding a page pays.</summary>
    private const int ExpandFrom = 8;

    private const int PlainBias = 127;

    // fp16 values are read as 2^-112 of what they are
    private const int HalvesBias = PlainBias + 112;

    public static void Page<TTile>(in PageView page, in QueryBlock queries, Slots* visible, byte* ahead, float* scratch)
        where TTile : struct, IAttentionTile
    {
        var expands = queries.Count >= ExpandFrom;
        switch (page.Layout.Type)
        {
            case KvType.F32: Run<TTile, PageSingles>(page, queries, visible, ahead, scratch, false); break;
            case KvType.F16 when expands: Run<TTile, Expanded>(page, queries, visible, ahead, scratch, true); break;
            case KvType.F16: Run<TTile, PageHalves>(page, queries, visible, ahead, scratch, false); break;
            case KvType.Q8 when expands: Run<TTile, ExpandedBytes>(page, queries, visible, ahead, scratch, true); break;
            default: Run<TTile, PageBytes>(page, queries, visible, ahead, scratch, false); break;
        }
    }

    public static void Scores<TTile>(in PageView page, float* q, int count, float* scores)
        where TTile : struct, IAttentionTile
    {
        switch (page.Layout.Type)
        {
            case KvType.F32: Scores<TTile, PageSingles>(page, q, count, scores); break;
            case KvType.F16: Scores<TTile, PageHalves>(page, q, count, scores); break;
            default: Scores<TTile, PageBytes>(page, q, count, scores); break;
        }
    }

    private static void Scores<TTile, TNumbers>(in PageView page, float* q, int queries, float* scores)
        where TTile : struct, IAttentionTile
        where TNumbers : struct, INumbers
    {
        var all = new Slots(0, Positions);
        for (int at = 0, count; at < queries; at += count)
        {
            count = Together(queries - at);
            TTile.Scores<TNumbers>(
                count, q + ((long)at * page.Layout.HeadDim), page.Layout.HeadDim, page.Keys, page.KeyScales, all, scores + (Positions * (long)at), page.Keys);
        }
    }

    private static void Run<TTile, TNumbers>(
        in PageView page, in QueryBlock queries, Slots* visible, byte* ahead, float* scratch, bool expands)
        where TTile : struct, IAttentionTile
        where TNumbers : struct, INumbers
    {
        var layout = page.Layout;
        var weights = scratch + (Positions * layout.ValueStride);
        var kept = weights + (Positions * (long)queries.Count);
        var added = kept + queries.Count;
        var keys = page.Keys;
        if (expands)
        {
            TTile.Expand(layout.Type, keys, Positions * layout.HeadDim, scratch);
            keys = (byte*)scratch;
        }
        var seen = new Slots(Positions, 0);
        for (int at = 0, count; at < queries.Count; at += count)
        {
            count = Together(queries.Count - at);
            var some = Union(visible + at, count);
            if (some.IsEmpty)
                continue;
            seen = new Slots(Math.Min(seen.From, some.From), Math.Max(seen.To, some.To));
            var scores = weights + (Positions * (long)at);
            TTile.Scores<TNumbers>(count, queries.Q + ((long)at * layout.HeadDim), layout.HeadDim, keys, page.KeyScales, some, scores, ahead);
            if (queries.Softcap != 0)
                Cap(scores, count, some, queries.Softcap);
            for (var i = 0; i < count && queries.Bias != null; i++)
                queries.AddBias(at + i, scores + (Positions * (long)i), visible[at + i]);
            var bias = layout.Type == KvType.F16 ? HalvesBias : PlainBias;
            for (var i = at; i < at + count; i++)
                TTile.Weigh(weights + (Positions * (long)i), visible[i], some, bias, queries.M + i, queries.L + i, kept + i, added + i);
        }
        if (!seen.IsEmpty)
            Outputs<TTile, TNumbers>(page, queries, visible, seen, weights, kept, added, ahead + layout.Values, expands ? scratch : null);
    }

    private static void Cap(float* scores, int count, Slots seen, float cap)
    {
        // the same eight lanes for every width of vectors
        for (var i = 0; i < count; i++)
            Avx2Elementwise.Cap(scores + (Positions * (long)i) + seen.From, cap, seen.To - seen.From);
    }

    private static void Outputs<TTile, TNumbers>(
        in PageView page, in QueryBlock queries, Slots* visible, Slots seen, float* weights, float* kept, float* added, byte* ahead, float* panel)
        where TTile : struct, IAttentionTile
        where TNumbers : struct, INumbers
    {
        var stride = page.Layout.ValueStride;
        var values = page.Values;
        if (panel is not null)
        {
            var first = (long)seen.From * stride;
            var bytes = page.Layout.ElementBytes;
            TTile.Expand(page.Layout.Type, values + (first * bytes), (seen.To - seen.From) * stride, panel + first);
            values = (byte*)panel;
        }
        bool? finite = null;
        for (int at = 0, count; at < queries.Count; at += count)
        {
            count = Together(queries.Count - at);
            var some = Union(visible + at, count);
            // what one query does not see must not reach it as 0 · NaN
            if (!Alike(visible + at, count) && !(finite ??= IsFinite(page, seen)))
            {
                count = 1;
                some = visible[at];
            }
            if (some.IsEmpty)
                continue;
            TTile.Outputs<TNumbers>(
                count, weights + (Positions * (long)at), stride, values, page.ValueScales, some, kept + at, added + at,
                queries.O + ((long)at * stride), ahead);
        }
    }

    /// <summary>How many of the queries that are left go through a pass.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Together(int left) => left is 5 or 6 ? 3 : Math.Min(left, 4);

    private static Slots Union(Slots* visible, int count)
    {
        int from = Positions, to = 0;
        for (var i = 0; i < count; i++)
        {
            if (visible[i].IsEmpty)
                continue;
            from = Math.Min(from, visible[i].From);
            to = Math.Max(to, visible[i].To);
        }
        return new Slots(from, to);
    }

    private static bool Alike(Slots* visible, int count)
    {
        for (var i = 1; i < count; i++)
        {
            if (visible[i] != visible[0])
                return false;
        }
        return true;
    }

    /// <summary>Whether values in these slots are finite; fp16 pages hold nothing else.</summary>
    private static bool IsFinite(in PageView page, Slots seen)
    {
        var stride = page.Layout.ValueStride;
        switch (page.Layout.Type)
        {
            case KvType.F32:
                return AreFinite((float*)page.Values + (seen.From * stride), (seen.To - seen.From) * stride);
            case KvType.Q8:
                for (var block = 0; block < page.Layout.Blocks; block++)
                {
                    if (!AreFinite(page.ValueScales + (block * Positions) + seen.From, seen.To - seen.From))
                        return false;
                }
                return true;
            default:
                return true;
        }
    }

    private static bool AreFinite(float* numbers, int count) =>
        !new ReadOnlySpan<float>(numbers, count).ContainsAnyExceptInRange(float.MinValue, float.MaxValue);
}
