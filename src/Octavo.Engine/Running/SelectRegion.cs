using Octavo.Engine.Cache;
using Octavo.Engine.Kernels;
using Octavo.Engine.Kv;
using Octavo.Engine.Threads;

namespace Octavo.Engine.Running;

/// <summary>
/// Has selectors choose what rows read, where a method has them. An item is one stored head of the rows of one sequence, so that no two
/// threads use a selector at once.
/// </summary>
internal sealed unsafe class SelectRegion(KernelSet kernels, Workspace workspace, PagePool pages, AttentionCall call, int threads) : Region, IDisposable
{
    private readonly KvQuery?[] _queries = new KvQuery[threads];
    private readonly List<(RowRun Run, int Head)> _items = [];
    private KeySet[] _sets = [];
    private int _heads;

    /// <summary>Gets everything ready and returns the number of items.</summary>
    public int Prepare()
    {
        _items.Clear();
        var shape = call.Part.Shape;
        _heads = shape.Heads;
        foreach (var run in call.SequenceRuns)
        {
            var cache = call.Cache(run.First);
            if (cache.Reading is not { IsPrompt: false } reading)
                continue;
            var heads = cache.StoredHeads(call.Layer);
            reading.Reserve(call.Layer, heads);
            for (var head = 0; head < heads; head++)
                _items.Add((run, head));
        }
        var sets = _items.Count == 0 ? 0 : call.Count * _heads;
        if (sets > _sets.Length)
            _sets = [.. _sets, .. Enumerable.Range(0, sets - _sets.Length).Select(_ => new KeySet())];
        return _items.Count;
    }

    /// <summary>What a row reads for some query heads.</summary>
    /// <param name="row">The row.</param>
    /// <param name="query">The first of the query heads.</param>
    /// <param name="group">How many chose together.</param>
    public KeySet Set(int row, int query, out int group)
    {
        var cache = call.Cache(row);
        var heads = cache.StoredHeads(call.Layer);
        group = cache.Reading!.Selector(call.Layer, query * heads / _heads).PerQueryHead ? 1 : _heads / heads;
        return _sets[(row * _heads) + query];
    }

    public override void Run(int item, int worker)
    {
        var (run, head) = _items[item];
        var shape = call.Part.Shape;
        var cache = call.Cache(run.First);
        var group = shape.Heads / cache.StoredHeads(call.Layer);
        var query = _queries[worker];
        if (query is null || query.HeadDim != shape.HeadDim)
            query = _queries[worker] = new KvQuery(kernels, shape.Heads, shape.HeadDim);
        var selector = cache.Reading!.Selector(call.Layer, head);
        var step = selector.PerQueryHead ? 1 : group;
        var unscale = 1 / (shape.Scale * kernels.QueryScale(pages.Layout.Type));
        for (var row = run.First; row < run.First + run.Count; row++)
        {
            var seen = cache.PositionsOf(call.Layer, head).CountUpTo(call.Row(row).Position);
            for (var first = head * group; first < (head + 1) * group; first += step)
            {
                var set = _sets[(row * _heads) + first];
                set.Clear();
                query.Begin(new StoredHead(cache, call.Layer, head), workspace.Q + ((((long)row * _heads) + first) * shape.HeadDim), step, seen, unscale, shape.Scale);
                selector.Choose(query, set);
                if (set.Ranges.IsEmpty)
                    set.AddToken(seen - 1);
                set.Finish(seen);
            }
        }
    }

    public void Dispose()
    {
        foreach (var query in _queries)
            query?.Dispose();
    }
}
