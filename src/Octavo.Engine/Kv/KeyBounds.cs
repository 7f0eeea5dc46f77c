namespace Octavo.Engine.Kv;

/// <summary>The largest and smallest number of each channel in pages of keys of one head, and what they say of scores.</summary>
/// <param name="page">Keys of a page.</param>
internal sealed class KeyBounds(int page)
{
    // [pages][2][d]: largest, then smallest
    private float[] _bounds = [];
    private float[] _keys = [];
    private float[] _query = [];
    private int _whole;

    /// <summary>
    /// Bounds of the pages that hold a query's tokens: Σ_c max(q_c·M_c, q_c·m_c), which no q·k of the page exceeds; summed over the queries
    /// that choose together.
    /// </summary>
    /// <param name="query">Queries and keys.</param>
    /// <param name="scores">[pages, the last one perhaps not full]</param>
    public void Of(KvQuery query, Span<float> scores)
    {
        var d = query.HeadDim;
        if (_query.Length == 0)
            (_query, _keys) = (new float[2 * d], new float[page * d]);
        Extend(query);
        // max(q·M, q·m) is q·M where q is positive and q·m where it is not, so queries can be added up before
        Array.Clear(_query);
        for (var i = 0; i < query.Count; i++)
        {
            var one = query.Query(i);
            for (var c = 0; c < d; c++)
                _query[one[c] > 0 ? c : d + c] += one[c];
        }
        for (var i = 0; i < scores.Length; i++)
            scores[i] = KvLayer.Dot(_query, _bounds.AsSpan(i * 2 * d, 2 * d));
    }

    /// <summary>The bounds of a page: the largest [d], then the smallest [d].</summary>
    public ReadOnlySpan<float> Page(int index, int headDim) => _bounds.AsSpan(index * 2 * headDim, 2 * headDim);

    /// <summary>Forgets pages that tokens from an index on lie in.</summary>
    public void Truncate(int tokens) => _whole = Math.Min(_whole, tokens / page);

    /// <summary>The same for a sequence that begins alike.</summary>
    public KeyBounds Copy() => new(page) { _bounds = [.. _bounds], _whole = _whole, _query = [.. _query], _keys = [.. _keys] };

    /// <summary>Takes in pages that are full by now, and the open one for this time.</summary>
    private void Extend(KvQuery query)
    {
        var d = query.HeadDim;
        var pages = (query.Tokens + page - 1) / page;
        if (_bounds.Length < pages * 2 * d)
            Array.Resize(ref _bounds, Math.Max(pages * 2 * d, 2 * _bounds.Length));
        var whole = query.Tokens / page;
        for (var i = Math.Min(_whole, whole); i < pages; i++)
        {
            var count = Math.Min(page, query.Tokens - (i * page));
            query.CopyKeys(i * page, count, _keys);
            var largest = _bounds.AsSpan(i * 2 * d, d);
            var smallest = _bounds.AsSpan(((i * 2) + 1) * d, d);
            _keys.AsSpan(0, d).CopyTo(largest);
            _keys.AsSpan(0, d).CopyTo(smallest);
            for (var token = 1; token < count; token++)
            {
                for (var c = 0; c < d; c++)
                {
                    largest[c] = MathF.Max(largest[c], _keys[(token * d) + c]);
                    smallest[c] = MathF.Min(smallest[c], _keys[(token * d) + c]);
                }
            }
        }
        _whole = Math.Max(_whole, whole);
    }
}
