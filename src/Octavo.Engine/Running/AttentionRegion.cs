using Octavo.Engine.Cache;
using Octavo.Engine.Kernels;
using Octavo.Engine.Threads;
using Octavo.Models;

namespace Octavo.Engine.Running;

/// <summary>Attention of a block, decode rows and prefill tiles alike; see <see cref="AttentionItems"/> for how it is cut.</summary>
internal sealed unsafe class AttentionRegion(KernelSet kernels, Workspace workspace, AttentionCall call, int threads)
    : Region, IDisposable
{
    // twice what is needed, since sequences grow
    private const int Growth = 2;

    private readonly AttentionItems _plan = new(call, threads);
    private NativeBuffer<float>? _scratch;
    private NativeBuffer<float>? _parts;
    private KernelSet? _attention;
    private int _queries;
    private long _workerFloats;

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
        var queries = work.Rows * work.Group;
        var total = _scratch!.Pointer + (worker * _workerFloats);
        var part = total + PartialSums.Floats(_queries, shape.HeadDim);
        var free = part + PartialSums.Floats(_queries, shape.HeadDim);
        var q = Queries(work, free);
        free += Lines(_queries * shape.HeadDim);
        if (work.Part >= 0)
        {
            part = _parts!.Pointer + work.Part;
            PartialSums.Clear(part, queries, shape.HeadDim);
            foreach (var range in _plan.Ranges(work))
                Attend(work, range, q, part, free);
            return;
        }
        PartialSums.Clear(total, queries, shape.HeadDim);
        PartialSums.Clear(part, queries, shape.HeadDim);
        var unit = -1;
        foreach (var range in _plan.Ranges(work))
        {
            for (int page = range.From, end; page < range.To; page = end)
            {
                if (unit >= 0 && unit != page / PartialSums.PagesPerUnit)
                {
                    PartialSums.Merge(total, part, queries, shape.HeadDim);
                    PartialSums.Clear(part, queries, shape.HeadDim);
                }
                unit = page / PartialSums.PagesPerUnit;
                end = Math.Min(range.To, (unit + 1) * PartialSums.PagesPerUnit);
                Attend(work, new PageRange(page, end), q, part, free);
            }
        }
        PartialSums.Merge(total, part, queries, shape.HeadDim);
        Finish(total, work.First, work.Rows, work.Head, work.Group);
    }

    /// <summary>Merges what was split, unit after unit; called once all items are done.</summary>
    public void Finish()
    {
        var shape = call.Part.Shape;
        foreach (var merge in _plan.Merges)
        {
            var queries = merge.Rows * merge.Group;
            var total = _scratch!.Pointer;
            PartialSums.Clear(total, queries, shape.HeadDim);
            for (var unit = 0; unit < merge.Units; unit++)
            {
                var part = _parts!.Pointer + merge.Part + ((long)unit * PartialSums.Floats(queries, shape.HeadDim));
                PartialSums.Merge(total, part, queries, shape.HeadDim);
            }
            Finish(total, merge.First, merge.Rows, merge.Head, merge.Group);
        }
    }

    public void Dispose()
    {
        _plan.Dispose();
        _scratch?.Dispose();
        _parts?.Dispose();
    }

    private void Attend(in AttentionItem work, PageRange pages, float* q, float* sums, float* free)
    {
        var shape = call.Part.Shape;
        var group = work.Group;
        var queries = work.Rows * group;
        var visible = (Slots*)free;
        var biases = (float**)(free + Lines(_queries * (sizeof(Slots) / sizeof(float))));
        var scratch = (float*)biases + Lines(_queries * (sizeof(float*) / sizeof(float)));
        var biased = call.Part.Bias is not null;
        var block = new QueryBlock(
            q, queries, PartialSums.Maxima(sums, queries, shape.HeadDim), PartialSums.Sums(sums, queries, shape.HeadDim), sums,
            shape.Softcap, biased ? biases : null);
        var cache = call.Cache(work.First);
        for (var page = pages.From; page < pages.To; page++)
        {
            for (var row = 0; row < work.Rows; row++)
            {
                var (from, to) = call.Visible(work.First + row, work.Head, page);
                new Span<Slots>(visible + (row * group), group).Fill(new Slots(from, to));
                for (var head = 0; biased && head < group; head++)
                    biases[(row * group) + head] = Bias((work.Head * group) + head, work.First + row, page);
            }
            var ahead = cache.View(call.Layer, work.Head, page + 1 < pages.To ? page + 1 : page);
            _attention!.AttendPage(cache.View(call.Layer, work.Head, page), block, visible, ahead.Keys, scratch);
        }
    }

    /// <summary>What is added to the scores of a head's query and the slots of a page; positions of an encoder are its slots.</summary>
    private float* Bias(int head, int row, int page)
    {
        var width = (2L * workspace.ContextLength) - 1;
        return call.Part.Bias!.Pointer + (head * width) + (workspace.ContextLength - 1) + ((page * PagePool.Positions) - call.Row(row).Position);
    }

    /// <summary>The item's queries, one behind the other.</summary>
    private float* Queries(in AttentionItem work, float* space)
    {
        var shape = call.Part.Shape;
        var width = work.Group * shape.HeadDim;
        var q = workspace.Q + ((long)work.First * shape.Heads * shape.HeadDim) + (work.Head * width);
        if (work.Rows == 1)
            return q;
        for (var row = 0; row < work.Rows; row++, q += shape.Heads * shape.HeadDim)
            new ReadOnlySpan<float>(q, width).CopyTo(new Span<float>(space + (row * width), width));
        return space;
    }

    private void Finish(float* total, int first, int rows, int stored, int group)
    {
        var shape = call.Part.Shape;
        for (var query = 0; query < rows * group; query++)
        {
            var head = (((long)first + (query / group)) * shape.Heads) + (stored * group) + (query % group);
            PartialSums.Finish(kernels, total, query, rows * group, shape.HeadDim, workspace.Attended + (head * shape.HeadDim));
        }
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
