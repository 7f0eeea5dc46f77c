using Octavo.Engine.Cache;
using Octavo.Engine.Kernels;
using Octavo.Engine.Kv;
using Octavo.Engine.Threads;
using Octavo.Models;

namespace Octavo.Engine.Running;

/// <summary>Attention of a block, decode rows and prefill tiles alike; see <see cref="AttentionItems"/> for how it is cut.</summary>
internal sealed unsafe class AttentionRegion(KernelSet kernels, Workspace workspace, PagePool pages, AttentionCall call, SelectRegion selected, int threads)
    : Region, IDisposable
{
    private const int SlotsPerUnit = PartialSums.PagesPerUnit * PagePool.Positions;

    // twice what is needed, since sequences grow
    private const int Growth = 2;

    private readonly AttentionItems _plan = new(call, selected, threads);
    private NativeBuffer<float>? _scratch;
    private NativeBuffer<float>? _parts;
    private NativeBuffer<float>? _expanded;
    private NativeBuffer<float>? _logSums;
    private PageLayout? _plain;
    private int _expandedFloats;
    private KernelSet? _attention;
    private int _queries;
    private long _workerFloats;

    /// <summary>The logarithm of what the softmax of a row's head divides by, where a sequence of the block has attention summed.</summary>
    public float LogSum(int row, int head) => _logSums!.Pointer[((long)row * call.Part.Shape.Heads) + head];

    /// <summary>Gets everything ready and returns the number of items.</summary>
    public int Prepare()
    {
        _plan.Make();
        _attention = kernels.ForDepth(_plan.Pages);
        var shape = call.Part.Shape;
        _queries = Queries(shape);
        _workerFloats = WorkerFloats(shape);
        Grow(ref _scratch, _workerFloats * threads);
        Grow(ref _parts, _plan.PartFloats);
        if (call.SumsAttention)
            _logSums ??= new NativeBuffer<float>((long)workspace.Rows * shape.Heads);
        if (_plan.GathersTokens || call.HasPackedPages)
            ReserveExpanded();
        return _plan.Items.Length;
    }

    /// <summary>Floats of scratch of each thread.</summary>
    public static long WorkerFloats(Attention shape)
    {
        var queries = Queries(shape);
        // sums of all units and of one, the queries side by side, what they see, and the kernel's own
        return (2L * PartialSums.Floats(queries, shape.HeadDim)) + Lines(queries * shape.HeadDim)
            + Lines(queries * (sizeof(Slots) / sizeof(float))) + Lines(queries * (sizeof(float*) / sizeof(float)))
            + Lines(KernelSet.AttendScratchFloats(shape.HeadDim, queries));
    }

    /// <summary>The most that a buffer of so many floats takes: it is made larger than it has to be.</summary>
    public static long GrownBytes(long floats) => Growth * floats * sizeof(float);

    public override void Run(int item, int worker)
    {
        ref readonly var work = ref _plan.Items[item];
        var shape = call.Part.Shape;
        var queries = work.Unit.Rows * work.Unit.Group;
        var total = _scratch!.Pointer + (worker * _workerFloats);
        var part = total + PartialSums.Floats(_queries, shape.HeadDim);
        var free = part + PartialSums.Floats(_queries, shape.HeadDim);
        var q = Queries(work.Unit, free);
        free += Lines(_queries * shape.HeadDim);
        if (work.Part >= 0)
        {
            part = _parts!.Pointer + work.Part;
            PartialSums.Clear(part, queries, shape.HeadDim);
            foreach (var range in _plan.Ranges(work))
                Attend(work.Unit, range, worker, q, part, free);
            Gather(work, worker, q, part, free);
            return;
        }
        PartialSums.Clear(total, queries, shape.HeadDim);
        PartialSums.Clear(part, queries, shape.HeadDim);
        var unit = -1;
        foreach (var range in _plan.Ranges(work))
        {
            for (int slot = range.From, end; slot < range.To; slot = end)
            {
                if (unit >= 0 && unit != slot / SlotsPerUnit)
                    MergeInto(total, part, queries);
                unit = slot / SlotsPerUnit;
                end = Math.Min(range.To, (unit + 1) * SlotsPerUnit);
                Attend(work.Unit, range with { From = slot, To = end }, worker, q, part, free);
            }
        }
        if (work.Tokens > 0)
            MergeInto(total, part, queries);
        Gather(work, worker, q, part, free);
        PartialSums.Merge(total, part, queries, shape.HeadDim);
        Finish(total, work.Unit);
    }

    /// <summary>Merges what was split, unit after unit; called once all items are done.</summary>
    public void Finish()
    {
        var shape = call.Part.Shape;
        foreach (var merge in _plan.Merges)
        {
            var queries = merge.Unit.Rows * merge.Unit.Group;
            var total = _scratch!.Pointer;
            PartialSums.Clear(total, queries, shape.HeadDim);
            for (var unit = 0; unit < merge.Parts; unit++)
            {
                var part = _parts!.Pointer + merge.Part + ((long)unit * PartialSums.Floats(queries, shape.HeadDim));
                PartialSums.Merge(total, part, queries, shape.HeadDim);
            }
            Finish(total, merge.Unit);
        }
    }

    public void Dispose()
    {
        _plan.Dispose();
        _scratch?.Dispose();
        _parts?.Dispose();
        _expanded?.Dispose();
        _logSums?.Dispose();
    }

    private void MergeInto(float* total, float* part, int queries)
    {
        PartialSums.Merge(total, part, queries, call.Part.Shape.HeadDim);
        PartialSums.Clear(part, queries, call.Part.Shape.HeadDim);
    }

    private void Attend(in AttentionUnit unit, in SlotRange range, int worker, float* q, float* sums, float* free)
    {
        var biased = call.Part.Bias is not null;
        var visible = (Slots*)free;
        var biases = (float**)(free + Lines(_queries * (sizeof(Slots) / sizeof(float))));
        var block = Block(unit, q, sums, biased ? biases : null);
        var scratch = Scratch(free);
        var cache = call.Cache(unit.First);
        var end = SlotPositions.PagesFor(range.To);
        for (var page = range.From / PagePool.Positions; page < end; page++)
        {
            for (var row = 0; row < unit.Rows; row++)
            {
                var (from, to) = call.Visible(unit.First + row, unit.Head, page, range);
                new Span<Slots>(visible + (row * unit.Group), unit.Group).Fill(new Slots(from, to));
                for (var head = 0; biased && head < unit.Group; head++)
                    biases[(row * unit.Group) + head] = Bias(unit.Query + head, unit.First + row, page);
            }
            var view = cache.View(call.Layer, unit.Head, page);
            if (view.Layout.Bits > 0)
            {
                AttendExpanded(unit, view, worker, q, sums, biased ? biases : null, visible, scratch);
                continue;
            }
            var ahead = cache.View(call.Layer, unit.Head, page + 1 < end ? page + 1 : page);
            _attention!.AttendPage(view, block, visible, ahead.Keys, scratch);
        }
    }

    /// <summary>Copies an item's single tokens into a page, 64 at a time, and attends to that.</summary>
    private void Gather(in AttentionItem work, int worker, float* q, float* sums, float* free)
    {
        if (work.Tokens == 0)
            return;
        var unit = work.Unit;
        var cache = call.Cache(unit.First);
        var positions = cache.PositionsOf(call.Layer, unit.Head).Span;
        var visible = (Slots*)free;
        // copied bit for bit where all pages are of one type
        var page = cache.IsPacked ? Page(worker, _plain!) : Page(worker, pages.Layout);
        var block = Block(unit, cache.IsPacked ? Plain(unit, worker, q) : q, sums, null);
        var scratch = Scratch(free);
        var tokens = _plan.Tokens(work);
        for (; tokens.Length > 0; tokens = tokens[Math.Min(tokens.Length, PagePool.Positions)..])
        {
            var some = tokens[..Math.Min(tokens.Length, PagePool.Positions)];
            for (var i = 0; i < some.Length; i++)
                Copy(cache.View(call.Layer, unit.Head, some[i] / PagePool.Positions), some[i] % PagePool.Positions, page, i);
            for (var row = 0; row < unit.Rows; row++)
            {
                var to = some.Length;
                while (to > 0 && positions[some[to - 1]] > call.Row(unit.First + row).Position)
                    to--;
                new Span<Slots>(visible + (row * unit.Group), unit.Group).Fill(new Slots(0, to));
            }
            _attention!.AttendPage(page, block, visible, page.Keys, scratch);
        }
    }

    private QueryBlock Block(in AttentionUnit unit, float* q, float* sums, float** biases)
    {
        var shape = call.Part.Shape;
        var queries = unit.Rows * unit.Group;
        return new QueryBlock(
            q, queries, PartialSums.Maxima(sums, queries, shape.HeadDim), PartialSums.Sums(sums, queries, shape.HeadDim), sums, shape.Softcap, biases);
    }

    /// <summary>What the kernel has for itself, behind what rows see.</summary>
    private float* Scratch(float* free) =>
        free + Lines(_queries * (sizeof(Slots) / sizeof(float))) + Lines(_queries * (sizeof(float*) / sizeof(float)));

    /// <summary>What is added to the scores of a head's query and the slots of a page; positions of an encoder are its slots.</summary>
    private float* Bias(int head, int row, int page)
    {
        var width = (2L * workspace.ContextLength) - 1;
        return call.Part.Bias!.Pointer + (head * width) + (workspace.ContextLength - 1) + ((page * PagePool.Positions) - call.Row(row).Position);
    }

    /// <summary>A unit's queries, one behind the other.</summary>
    private float* Queries(in AttentionUnit unit, float* space)
    {
        var shape = call.Part.Shape;
        var width = unit.Group * shape.HeadDim;
        var q = workspace.Q + ((((long)unit.First * shape.Heads) + unit.Query) * shape.HeadDim);
        if (unit.Rows == 1)
            return q;
        for (var row = 0; row < unit.Rows; row++, q += shape.Heads * shape.HeadDim)
            new ReadOnlySpan<float>(q, width).CopyTo(new Span<float>(space + (row * width), width));
        return space;
    }

    private void Finish(float* total, in AttentionUnit unit)
    {
        var shape = call.Part.Shape;
        var queries = unit.Rows * unit.Group;
        for (var query = 0; query < queries; query++)
        {
            var head = (((long)unit.First + (query / unit.Group)) * shape.Heads) + unit.Query + (query % unit.Group);
            PartialSums.Finish(kernels, total, query, queries, shape.HeadDim, workspace.Attended + (head * shape.HeadDim));
            if (_logSums is not null)
                _logSums.Pointer[head] = PartialSums.LogSum(total, query, queries, shape.HeadDim);
        }
    }

    /// <summary>Attends to a packed page, expanded to fp32.</summary>
    private void AttendExpanded(
        in AttentionUnit unit, in PageView packed, int worker, float* q, float* sums, float** biases, Slots* visible, float* scratch)
    {
        var page = Page(worker, _plain!);
        PackedPages.Keys(packed, (float*)page.Keys);
        PackedPages.Values(packed, (float*)page.Values);
        _attention!.AttendPage(page, Block(unit, Plain(unit, worker, q), sums, biases), visible, page.Keys, scratch);
    }

    /// <summary>A page of a worker's own.</summary>
    private PageView Page(int worker, PageLayout layout) => new((byte*)(_expanded!.Pointer + ((long)worker * _expandedFloats)), layout);

    private static void Copy(in PageView from, int slot, in PageView to, int toSlot)
    {
        if (from.Layout.Bits == 0 && from.Layout.Type == to.Layout.Type)
            PageCopy.Slot(from, slot, to, toSlot);
        else
            PageCopy.SlotInPlain(from, slot, to, toSlot);
    }

    /// <summary>A unit's queries as pages in fp32 are read with; those of other pages may carry a factor.</summary>
    private float* Plain(in AttentionUnit unit, int worker, float* q)
    {
        var unscale = 1 / kernels.QueryScale(pages.Layout.Type);
        if (unscale == 1)
            return q;
        var plain = _expanded!.Pointer + ((long)worker * _expandedFloats) + Lines(_plain!.HeadBytes / sizeof(float));
        for (var i = 0; i < unit.Rows * unit.Group * call.Part.Shape.HeadDim; i++)
            plain[i] = q[i] * unscale;
        return plain;
    }

    private void ReserveExpanded()
    {
        var shape = call.Part.Shape;
        if (_plain?.HeadDim != shape.HeadDim)
            _plain = new PageLayout(KvType.F32, shape.HeadDim);
        _expandedFloats = Lines(_plain.HeadBytes / sizeof(float)) + Lines(_queries * shape.HeadDim);
        if ((long)_expandedFloats * threads <= (_expanded?.Length ?? 0))
            return;
        _expanded?.Dispose();
        _expanded = new NativeBuffer<float>((long)_expandedFloats * threads);
    }

    /// <summary>The most queries of an item.</summary>
    private static int Queries(Attention shape) => AttentionItems.MaxRows * (shape.Heads / shape.KvHeads);

    private static void Grow(ref NativeBuffer<float>? buffer, long floats)
    {
        if (floats <= (buffer?.Length ?? 0))
            return;
        var larger = new NativeBuffer<float>(Growth * floats);
        buffer?.Dispose();
        buffer = larger;
    }

    /// <summary>Floats rounded up to whole cache lines.</summary>
    private static int Lines(int floats) => (floats + 15) & ~15;
}
