using Octavo.Engine.Cache;
using Octavo.Engine.Kernels;
using Octavo.Engine.Running;

namespace Octavo.Engine.Kv;

/// <summary>What one row asks of one stored head, as a <see cref="KvSelector"/> sees it. Valid during the call only.</summary>
public sealed unsafe class KvQuery : IDisposable
{
    private readonly KernelSet _kernels;
    private readonly NativeBuffer<float> _panel;
    private readonly NativeBuffer<float> _page;
    private readonly float[] _queries;
    private StoredHead _head;
    private float* _q;
    private float _scale;

    internal KvQuery(KernelSet kernels, int queries, int headDim)
    {
        _kernels = kernels;
        HeadDim = headDim;
        _queries = new float[queries * headDim];
        _panel = new NativeBuffer<float>(PageLayout.Positions * PageLayout.Stride(headDim));
        _page = new NativeBuffer<float>(PageLayout.Positions);
    }

    /// <summary>Width of a head (d).</summary>
    public int HeadDim { get; }

    /// <summary>Queries that choose together: those that share the stored head, or one.</summary>
    public int Count { get; private set; }

    /// <summary>Stored tokens that the row sees (n), its own included.</summary>
    public int Tokens { get; private set; }

    /// <summary>A query after rotation, not scaled: [d].</summary>
    public ReadOnlySpan<float> Query(int query) => _queries.AsSpan(query * HeadDim, HeadDim);

    /// <summary>Scores of the first <see cref="Tokens"/>, as the softmax takes them: q·k times the scale.</summary>
    /// <param name="query">Which query.</param>
    /// <param name="scores">[n]</param>
    public void Scores(int query, Span<float> scores)
    {
        var q = _q + (query * HeadDim);
        for (var first = 0; first < Tokens; first += PageLayout.Positions)
        {
            var page = _head.View(first / PageLayout.Positions);
            if (page.Layout.Bits > 0)
                ScorePacked(page, query);
            else
                _kernels.ScorePage(page, q, 1, _page.Pointer);
            new ReadOnlySpan<float>(_page.Pointer, Math.Min(PageLayout.Positions, Tokens - first)).CopyTo(scores[first..]);
        }
    }

    private void ScorePacked(in PageView page, int query)
    {
        var keys = PackedPages.Keys(page, _panel.Pointer);
        var scores = new Span<float>(_page.Pointer, PageLayout.Positions);
        scores.Clear();
        for (var d = 0; d < HeadDim; d++)
        {
            var number = _queries[(query * HeadDim) + d] * _scale;
            for (var j = 0; j < scores.Length; j++)
                scores[j] += number * keys[(d * PageLayout.Positions) + j];
        }
    }

    /// <summary>Copies a key after rotation.</summary>
    /// <param name="token">Its index.</param>
    /// <param name="key">[d]</param>
    public void CopyKey(int token, Span<float> key)
    {
        var page = _head.View(token / PageLayout.Positions);
        var slot = token % PageLayout.Positions;
        for (var d = 0; d < HeadDim; d++)
            key[d] = ScalarPages.Key(page, slot, d);
    }

    /// <summary>The kernels that compute.</summary>
    internal KernelSet Kernels => _kernels;

    /// <inheritdoc/>
    public void Dispose()
    {
        _panel.Dispose();
        _page.Dispose();
    }

    /// <param name="head">What is stored.</param>
    /// <param name="q">Queries as kernels take them: [count, d].</param>
    /// <param name="count">How many.</param>
    /// <param name="tokens">What the row sees.</param>
    /// <param name="unscale">What undoes the factor that they were multiplied with.</param>
    /// <param name="scale">What scores are multiplied with.</param>
    internal void Begin(StoredHead head, float* q, int count, int tokens, float unscale, float scale)
    {
        _scale = scale;
        _head = head;
        _q = q;
        (Count, Tokens) = (count, tokens);
        for (var i = 0; i < count * HeadDim; i++)
            _queries[i] = q[i] * unscale;
    }
}
