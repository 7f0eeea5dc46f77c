using System.Runtime.Intrinsics;
using Octavo.Engine.Cache;
using Octavo.Engine.Kernels;
using Octavo.Engine.Threads;

namespace Octavo.Engine.Running;

/// <summary>
/// Adds the attention that rows of one sequence give to each token up: per query head over all rows. An item is a page of one key-value
/// head, whose sums no other item touches; what the softmax of a row divides by is known from its attention.
/// </summary>
internal sealed unsafe class ColumnSumRegion(KernelSet kernels, Workspace workspace, AttentionCall call, AttentionRegion attention, int threads)
    : Region, IDisposable
{
    private const int Positions = PageLayout.Positions;

    private NativeBuffer<float>? _scratch;
    private long _workerFloats;
    private RowRun _run;
    private float[] _sums = [];
    private int _stride;
    private int _pages;

    /// <summary>Gets the rows of a run ready and returns the number of items.</summary>
    /// <param name="run">Rows of one sequence.</param>
    /// <param name="sums">[heads][stride]</param>
    public int Prepare(RowRun run, float[] sums)
    {
        var shape = call.Part.Shape;
        (_run, _sums, _stride) = (run, sums, sums.Length / shape.Heads);
        _pages = SlotPositions.PagesFor(call.Row(run.First + run.Count - 1).Position + 1);
        _workerFloats = (long)run.Count * (Positions + shape.HeadDim);
        if (_workerFloats * threads > (_scratch?.Length ?? 0))
        {
            _scratch?.Dispose();
            _scratch = new NativeBuffer<float>(_workerFloats * threads);
        }
        return shape.KvHeads * _pages;
    }

    public override void Run(int item, int worker)
    {
        var shape = call.Part.Shape;
        var (kvHead, page) = (item / _pages, item % _pages);
        var (group, dim) = (shape.Heads / shape.KvHeads, shape.HeadDim);
        var queries = _scratch!.Pointer + (worker * _workerFloats);
        var scores = queries + ((long)_run.Count * dim);
        var view = call.Cache(_run.First).View(call.Layer, kvHead, page);
        // rows before the page see nothing of it
        var first = Math.Max(0, (page * Positions) - call.Row(_run.First).Position);
        for (var head = kvHead * group; head < (kvHead + 1) * group; head++)
        {
            for (var row = first; row < _run.Count; row++)
            {
                var q = workspace.Q + ((((long)(_run.First + row) * shape.Heads) + head) * dim);
                new ReadOnlySpan<float>(q, dim).CopyTo(new Span<float>(queries + ((long)row * dim), dim));
            }
            kernels.ScorePage(view, queries + ((long)first * dim), _run.Count - first, scores + ((long)first * Positions));
            Add(head, page, first, scores);
        }
    }

    public void Dispose() => _scratch?.Dispose();

    private void Add(int head, int page, int first, float* scores)
    {
        var cap = call.Part.Shape.Softcap;
        var sums = stackalloc float[Positions];
        new Span<float>(sums, Positions).Clear();
        for (var row = first; row < _run.Count; row++)
        {
            var s = scores + ((long)row * Positions);
            if (cap != 0)
                kernels.Cap(s, cap, Positions);
            var seen = Math.Min(Positions, call.Row(_run.First + row).Position + 1 - (page * Positions));
            new Span<float>(s + seen, Positions - seen).Fill(float.NegativeInfinity);
            var logSum = Vector128.Create(attention.LogSum(_run.First + row, head));
            for (var j = 0; j < Positions; j += Vector128<float>.Count)
                (Vector128.Load(sums + j) + PortableLanes.Exp(Vector128.Load(s + j) - logSum)).Store(sums + j);
        }
        var to = _sums.AsSpan((head * _stride) + (page * Positions));
        for (var j = 0; j < Math.Min(Positions, to.Length); j++)
            to[j] += sums[j];
    }
}
