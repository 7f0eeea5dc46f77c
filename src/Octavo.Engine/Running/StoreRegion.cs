using Octavo.Engine.Cache;
using Octavo.Engine.Kernels;
using Octavo.Engine.Threads;

namespace Octavo.Engine.Running;

/// <summary>Rotates q and k of each row, scales q, and stores k and v in the row's slot. An item is a run of rows in one page, or a head of it.</summary>
internal sealed unsafe class StoreRegion(KernelSet kernels, Workspace workspace, PagePool pool, AttentionCall call) : Region
{
    // fewer rows are not worth waking threads for more than one run
    private const int RowsToSplit = 16;

    private int _headsPerItem;

    public int Prepare()
    {
        var heads = call.Part.Shape.KvHeads;
        _headsPerItem = call.Count >= RowsToSplit ? 1 : heads;
        return call.PageRuns.Length * (heads / _headsPerItem);
    }

    public override void Run(int item, int worker)
    {
        var parts = call.Part.Shape.KvHeads / _headsPerItem;
        var run = call.PageRuns[item / parts];
        var firstHead = item % parts * _headsPerItem;
        for (var row = run.First; row < run.First + run.Count; row++)
            Store(row, firstHead);
    }

    private void Store(int row, int firstHead)
    {
        var shape = call.Part.Shape;
        var (headDim, group) = (shape.HeadDim, shape.Heads / shape.KvHeads);
        var queries = group * _headsPerItem;
        var q = workspace.Q + ((((long)row * shape.Heads) + (firstHead * group)) * headDim);
        var k = workspace.K + ((((long)row * shape.KvHeads) + firstHead) * headDim);
        var v = workspace.V + ((((long)row * shape.KvHeads) + firstHead) * headDim);
        if (call.Rotary is { } rotary)
        {
            kernels.Rotate(q, queries, headDim, rotary.Dims, call.Part.Pairing, rotary.Cos(row), rotary.Sin(row));
            kernels.Rotate(k, _headsPerItem, headDim, rotary.Dims, call.Part.Pairing, rotary.Cos(row), rotary.Sin(row));
        }
        kernels.Scale(q, shape.Scale * kernels.QueryScale(pool.Layout.Type), queries * headDim);
        var cache = call.Cache(row);
        // a layer may store a head more than once, for query heads that keep different tokens
        var copies = cache.StoredHeads(call.Layer) / shape.KvHeads;
        for (var head = 0; head < _headsPerItem; head++, k += headDim, v += headDim)
        {
            for (var copy = 0; copy < copies; copy++)
            {
                var stored = ((firstHead + head) * copies) + copy;
                var slot = cache.Slot(call.Layer, stored, call.Row(row).Slot);
                var page = cache.View(call.Layer, stored, slot / PagePool.Positions);
                if (!kernels.StorePosition(page, slot % PagePool.Positions, k, v))
                    throw Unstorable(call.Row(row).Sequence, k, v, headDim);
            }
        }
    }

    private UnstorableException Unstorable(int sequence, float* k, float* v, int headDim)
    {
        var worst = k[0];
        for (var i = 0; i < 2 * headDim; i++)
        {
            var number = i < headDim ? k[i] : v[i - headDim];
            // also true for NaN
            if (!(MathF.Abs(number) <= MathF.Abs(worst)))
                worst = number;
        }
        return new UnstorableException(sequence, float.IsNaN(worst)
            ? $"A key or value of layer {call.Layer} is not a number: the weights, or what came before, are not finite. Try --exact; if that fails too, the checkpoint is damaged."
            : $"A key or value of layer {call.Layer} is {worst}; pages of fp16 hold at most 65504. Store fp32 instead (--kv f32, EngineOptions.KvType).");
    }
}
