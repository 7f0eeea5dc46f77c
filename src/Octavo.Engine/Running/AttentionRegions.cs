using Octavo.Engine.Cache;
using Octavo.Engine.Kernels;
using Octavo.Engine.Threads;

namespace Octavo.Engine.Running;

/// <summary>What the regions of one attention part share: the rows, their caches, and the layer's place in them.</summary>
internal sealed unsafe class AttentionCall
{
    private readonly Row[] _rows = new Row[ForwardPass.BlockRows];
    private readonly KvCache[] _caches = new KvCache[ForwardPass.MaxSequences];

    public LoweredAttention Part { get; set; } = null!;
    public int Layer { get; set; }
    public int Count { get; private set; }
    public RotaryTable? Rotary { get; set; }

    public void Begin(ReadOnlySpan<Row> rows, ReadOnlySpan<KvCache> caches)
    {
        rows.CopyTo(_rows);
        caches.CopyTo(_caches);
        Count = rows.Length;
    }

    public ref readonly Row Row(int row) => ref _rows[row];

    public KvCache Cache(int row) => _caches[_rows[row].Sequence];

    /// <summary>The slots of a page that a row sees.</summary>
    public (int From, int To) Visible(int row, int page)
    {
        var position = _rows[row].Position;
        var after = Part.Shape.Visible.Window is { } window ? (long)position - window : -1;
        return Cache(row).Visible(page, after, position);
    }
}

/// <summary>Rotates q and k of each row, scales q, and stores k and v in the row's slot.</summary>
internal sealed unsafe class StoreRegion(KernelSet kernels, Workspace workspace, PagePool pool, AttentionCall call) : Region
{
    public override void Run(int item, int worker)
    {
        var shape = call.Part.Shape;
        var q = workspace.Q + ((long)item * shape.Heads * shape.HeadDim);
        var k = workspace.K + ((long)item * shape.KvHeads * shape.HeadDim);
        var v = workspace.V + ((long)item * shape.KvHeads * shape.HeadDim);
        if (call.Rotary is { } rotary)
        {
            kernels.Rotate(q, shape.Heads, shape.HeadDim, rotary.Dims, call.Part.Pairing, rotary.Cos(item), rotary.Sin(item));
            kernels.Rotate(k, shape.KvHeads, shape.HeadDim, rotary.Dims, call.Part.Pairing, rotary.Cos(item), rotary.Sin(item));
        }
        kernels.Scale(q, shape.Scale, shape.Heads * shape.HeadDim);
        var slot = call.Row(item).Slot;
        var page = call.Cache(item).Page(call.Layer, slot / PagePool.Positions);
        var place = slot % PagePool.Positions * shape.HeadDim;
        for (var head = 0; head < shape.KvHeads; head++)
        {
            Copy(k + (head * shape.HeadDim), pool.Keys(page, head) + place, shape.HeadDim);
            Copy(v + (head * shape.HeadDim), pool.Values(page, head) + place, shape.HeadDim);
        }
    }

    private static void Copy(float* from, float* to, int count) =>
        new ReadOnlySpan<float>(from, count).CopyTo(new Span<float>(to, count));
}

/// <summary>Attention of many rows: an item is some rows of one key-value head, whose pages stay in the cache of a core.</summary>
internal sealed unsafe class RowsAttentionRegion(KernelSet kernels, Workspace workspace, PagePool pool, AttentionCall call, int threads)
    : Region, IDisposable
{
    private const int RowsPerItem = 8;

    private NativeBuffer<float>? _scratch;
    private int _scratchFloats;

    public int Prepare()
    {
        var shape = call.Part.Shape;
        var floats = 2 * RowsPerItem * PartialSums.Floats(shape.Heads / shape.KvHeads, shape.HeadDim);
        if (floats > _scratchFloats)
        {
            var larger = new NativeBuffer<float>((long)floats * threads);
            _scratch?.Dispose();
            _scratch = larger;
            _scratchFloats = floats;
        }
        return (call.Count + RowsPerItem - 1) / RowsPerItem * shape.KvHeads;
    }

    public override void Run(int item, int worker)
    {
        var shape = call.Part.Shape;
        var group = shape.Heads / shape.KvHeads;
        var kvHead = item % shape.KvHeads;
        // The last rows see most: they come first, so that no thread is left with the longest item.
        var chunks = (call.Count + RowsPerItem - 1) / RowsPerItem;
        var first = (chunks - 1 - (item / shape.KvHeads)) * RowsPerItem;
        var rows = Math.Min(RowsPerItem, call.Count - first);
        var floats = PartialSums.Floats(group, shape.HeadDim);
        var totals = _scratch!.Pointer + ((long)worker * _scratchFloats);
        var parts = totals + (rows * floats);
        var pages = 0;
        for (var row = 0; row < rows; row++)
        {
            PartialSums.Clear(totals + (row * floats), group, shape.HeadDim);
            pages = Math.Max(pages, call.Cache(first + row).PageCount);
        }
        for (var page = 0; page < pages; page += PartialSums.PagesPerUnit)
        {
            for (var row = 0; row < rows; row++)
                PartialSums.Clear(parts + (row * floats), group, shape.HeadDim);
            AttendUnit(first, rows, kvHead, page, Math.Min(pages, page + PartialSums.PagesPerUnit), parts, floats);
            for (var row = 0; row < rows; row++)
                PartialSums.Merge(kernels, totals + (row * floats), parts + (row * floats), group, shape.HeadDim);
        }
        for (var row = 0; row < rows; row++)
            PartialSums.Finish(kernels, totals + (row * floats), group, shape.HeadDim, Output(first + row, kvHead, group));
    }

    public void Dispose() => _scratch?.Dispose();

    private void AttendUnit(int first, int rows, int kvHead, int fromPage, int toPage, float* parts, int floats)
    {
        var shape = call.Part.Shape;
        var group = shape.Heads / shape.KvHeads;
        for (var page = fromPage; page < toPage; page++)
        {
            for (var row = 0; row < rows; row++)
            {
                var cache = call.Cache(first + row);
                if (page >= cache.PageCount)
                    continue;
                var (from, to) = call.Visible(first + row, page);
                if (from >= to)
                    continue;
                var id = cache.Page(call.Layer, page);
                var sums = parts + (row * floats);
                kernels.AttendPage(
                    Query(first + row, kvHead, group), group, shape.HeadDim, pool.Keys(id, kvHead), pool.Values(id, kvHead), from, to,
                    PartialSums.Maxima(sums), PartialSums.Sums(sums, group), PartialSums.Outputs(sums, group));
            }
        }
    }

    private float* Query(int row, int kvHead, int group) =>
        workspace.Q + (((long)row * call.Part.Shape.Heads) + (kvHead * group)) * call.Part.Shape.HeadDim;

    private float* Output(int row, int kvHead, int group) =>
        workspace.Attended + (((long)row * call.Part.Shape.Heads) + (kvHead * group)) * call.Part.Shape.HeadDim;
}

/// <summary>Attention of a single row: an item is one unit of pages of one key-value head, so that all threads are busy at any depth.</summary>
internal sealed unsafe class DepthAttentionRegion(KernelSet kernels, Workspace workspace, PagePool pool, AttentionCall call)
    : Region, IDisposable
{
    private NativeBuffer<float>? _parts;
    private int _units;
    private int _floats;

    public int Prepare()
    {
        var shape = call.Part.Shape;
        _units = (call.Cache(0).PageCount + PartialSums.PagesPerUnit - 1) / PartialSums.PagesPerUnit;
        _floats = PartialSums.Floats(shape.Heads / shape.KvHeads, shape.HeadDim);
        var needed = (long)_units * shape.KvHeads * _floats;
        if (_parts is null || _parts.Length < needed)
        {
            var larger = new NativeBuffer<float>(needed * 2);
            _parts?.Dispose();
            _parts = larger;
        }
        return _units * shape.KvHeads;
    }

    public override void Run(int item, int worker)
    {
        var shape = call.Part.Shape;
        var group = shape.Heads / shape.KvHeads;
        var kvHead = item / _units;
        var unit = item % _units;
        var cache = call.Cache(0);
        var sums = _parts!.Pointer + ((long)item * _floats);
        PartialSums.Clear(sums, group, shape.HeadDim);
        var q = workspace.Q + (kvHead * group * shape.HeadDim);
        var end = Math.Min(cache.PageCount, (unit + 1) * PartialSums.PagesPerUnit);
        for (var page = unit * PartialSums.PagesPerUnit; page < end; page++)
        {
            var (from, to) = call.Visible(0, page);
            if (from >= to)
                continue;
            var id = cache.Page(call.Layer, page);
            kernels.AttendPage(
                q, group, shape.HeadDim, pool.Keys(id, kvHead), pool.Values(id, kvHead), from, to,
                PartialSums.Maxima(sums), PartialSums.Sums(sums, group), PartialSums.Outputs(sums, group));
        }
    }

    /// <summary>Merges the units in order; called once all items are done.</summary>
    public void Finish()
    {
        var shape = call.Part.Shape;
        var group = shape.Heads / shape.KvHeads;
        var total = stackalloc float[_floats];
        for (var kvHead = 0; kvHead < shape.KvHeads; kvHead++)
        {
            PartialSums.Clear(total, group, shape.HeadDim);
            for (var unit = 0; unit < _units; unit++)
                PartialSums.Merge(kernels, total, _parts!.Pointer + (((long)(kvHead * _units) + unit) * _floats), group, shape.HeadDim);
            PartialSums.Finish(kernels, total, group, shape.HeadDim, workspace.Attended + (kvHead * group * shape.HeadDim));
        }
    }

    public void Dispose() => _parts?.Dispose();
}
