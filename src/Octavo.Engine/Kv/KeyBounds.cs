using Octavo.Engine.Kernels;

namespace Octavo.Engine.Kv;

/// <summary>
/// The largest and smallest number of each channel in pages of keys of one head, and what they say of scores. They lie as keys of heads
/// twice as wide do, 64 pages side by side, so that the kernel for scores computes them.
/// </summary>
/// <param name="page">Keys of a page.</param>
internal sealed class KeyBounds(int page)
{
    private const int Together = PageLayout.Positions;

    // [pages / 64][largest d, smallest d][64]
    private float[] _bounds = [];
    private float[] _key = [];
    private float[] _query = [];
    private float[] _scores = [];
    private PageLayout? _layout;
    private int _seen;

    /// <summary>
    /// Bounds of the pages that hold a query's tokens: Σ_c max(q_c·M_c, q_c·m_c), which no q·k of the page exceeds; summed over the queries
    /// that choose together.
    /// </summary>
    /// <param name="query">Queries and keys.</param>
    /// <param name="scores">[pages, the last one perhaps not full]</param>
    public unsafe void Of(KvQuery query, Span<float> scores)
    {
        var d = query.HeadDim;
        if (_layout is null)
            (_layout, _query, _key, _scores) = (new PageLayout(KvType.F32, 2 * d), new float[2 * d], new float[d], new float[Together]);
        Extend(query);
        // max(q·M, q·m) is q·M where q is positive and q·m where it is not, so queries can be added up before
        Array.Clear(_query);
        for (var i = 0; i < query.Count; i++)
        {
            var one = query.Query(i);
            for (var c = 0; c < d; c++)
                _query[one[c] > 0 ? c : d + c] += one[c];
        }
        fixed (float* bounds = _bounds, q = _query, some = _scores)
        {
            for (var first = 0; first < scores.Length; first += Together)
            {
                query.Kernels.ScorePage(new PageView((byte*)(bounds + ((long)first * 2 * d)), _layout), q, 1, some);
                _scores.AsSpan(0, Math.Min(Together, scores.Length - first)).CopyTo(scores[first..]);
            }
        }
    }

    /// <summary>The bound of a page's channel: largest numbers first, then smallest.</summary>
    /// <param name="index">The page.</param>
    /// <param name="channel">Below twice the width of a head.</param>
    public float this[int index, int channel] => _bounds[Place(index, channel)];

    /// <summary>Forgets what is known of tokens from an index on; pages that they lie in are read anew.</summary>
    public void Truncate(int tokens) => _seen = Math.Min(_seen, tokens / page * page);

    /// <summary>The same for a sequence that begins alike.</summary>
    public KeyBounds Copy() => new(page)
    {
        _bounds = [.. _bounds], _seen = _seen, _layout = _layout, _query = [.. _query], _key = [.. _key], _scores = [.. _scores],
    };

    /// <summary>Takes in tokens that have come.</summary>
    private void Extend(KvQuery query)
    {
        if (query.Tokens < _seen)
            Truncate(query.Tokens);
        var d = query.HeadDim;
        var blocks = ((query.Tokens + page - 1) / page + Together - 1) / Together;
        if (_bounds.Length < blocks * Together * 2 * d)
            Array.Resize(ref _bounds, Math.Max(blocks, _bounds.Length / (Together * d)) * Together * 2 * d);
        for (; _seen < query.Tokens; _seen++)
        {
            query.CopyKey(_seen, _key);
            var at = Place(_seen / page, 0);
            var isFirst = _seen % page == 0;
            for (var c = 0; c < d; c++, at += Together)
            {
                ref var largest = ref _bounds[at];
                ref var smallest = ref _bounds[at + (d * Together)];
                largest = isFirst ? _key[c] : MathF.Max(largest, _key[c]);
                smallest = isFirst ? _key[c] : MathF.Min(smallest, _key[c]);
            }
        }
    }

    private int Place(int index, int channel) => (((index / Together * _layout!.HeadDim) + channel) * Together) + (index % Together);
}
