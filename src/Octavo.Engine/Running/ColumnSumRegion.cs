using System.Runtime.Intrinsics;
using Octavo.Engine.Cache;
using Octavo.Engine.Kernels;
using Octavo.Engine.Threads;

namespace Octavo.Engine.Running;

/// <summary>Adds the attention that rows of one sequence give to each token up: per query head over all rows. An item is a key-value head.</summary>
internal sealed unsafe class ColumnSumRegion(KernelSet kernels, Workspace workspace, PagePool pages, AttentionCall call, int threads) : Region, IDisposable
{
    private const int Positions = PageLayout.Positions;

    private NativeBuffer<float>? _scratch;
    private long _workerFloats;
    private RowRun _run;
    private float[] _sums = [];
    private int _stride;

    /// <summary>Gets the rows of a run ready and returns the number of items.</summary>
    /// <param name="run">Rows of one sequence.</param>
    /// <param name="sums">[heads][stride]</param>
    public int Prepare(RowRun run, float[] sums)
    {
        var shape = call.Part.Shape;
        (_run, _sums, _stride) = (run, sums, sums.Length / shape.Heads);
        var panel = Positions * PageLayout.Stride(shape.HeadDim);
        _workerFloats = panel + ((long)run.Count * (shape.Heads / shape.KvHeads) * call.Cache(run.First).PageCount * Positions);
        if (_workerFloats * threads > (_scratch?.Length ?? 0))
        {
            _scratch?.Dispose();
            _scratch = new NativeBuffer<float>(2 * _workerFloats * threads);
        }
        return shape.KvHeads;
    }

    public override void Run(int item, int worker)
    {
        var shape = call.Part.Shape;
        var cache = call.Cache(_run.First);
        var panel = _scratch!.Pointer + (worker * _workerFloats);
        var scores = panel + (Positions * PageLayout.Stride(shape.HeadDim));
        var width = cache.PageCount * Positions;
        var group = shape.Heads / shape.KvHeads;
        for (var page = 0; page < cache.PageCount; page++)
        {
            var keys = PortablePages.Keys(cache.View(call.Layer, item, page), panel);
            for (var query = 0; query < _run.Count * group; query++)
                Scores(Query(query, item, group), shape.HeadDim, keys, scores + ((long)query * width) + (page * Positions));
        }
        for (var query = 0; query < _run.Count * group; query++)
        {
            var seen = call.Row(_run.First + (query / group)).Position + 1;
            Add(new Span<float>(scores + ((long)query * width), seen), _sums.AsSpan(((item * group) + (query % group)) * _stride, seen));
        }
    }

    public void Dispose() => _scratch?.Dispose();

    private float* Query(int query, int kvHead, int group)
    {
        var shape = call.Part.Shape;
        var head = ((long)(_run.First + (query / group)) * shape.Heads) + (kvHead * group) + (query % group);
        return workspace.Q + (head * shape.HeadDim);
    }

    private static void Scores(float* q, int headDim, float* keys, float* scores)
    {
        for (var j = 0; j < Positions; j += 8)
        {
            var sum = Vector256<float>.Zero;
            for (var d = 0; d < headDim; d++)
                sum += Vector256.Load(keys + (d * Positions) + j) * q[d];
            sum.Store(scores + j);
        }
    }

    private void Add(Span<float> scores, Span<float> sums)
    {
        var unscale = 1 / kernels.QueryScale(pages.Layout.Type);
        var cap = call.Part.Shape.Softcap;
        var max = float.NegativeInfinity;
        foreach (ref var score in scores)
        {
            score *= unscale;
            if (cap != 0)
                score = cap * MathF.Tanh(score / cap);
            max = MathF.Max(max, score);
        }
        Kv.KvLayer.Normalize(scores, max);
        for (var j = 0; j < scores.Length; j++)
            sums[j] += scores[j];
    }
}
