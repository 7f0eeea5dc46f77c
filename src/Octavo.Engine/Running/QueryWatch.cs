using Octavo.Engine.Cache;
using Octavo.Engine.Kernels;
using Octavo.Engine.Threads;

namespace Octavo.Engine.Running;

/// <summary>Shows the queries of sequences whose prompt is watched to their <see cref="Kv.PromptWatch"/>; the others cost nothing.</summary>
internal sealed unsafe class QueryWatch(KernelSet kernels, Workspace workspace, PagePool pages, AttentionCall call, AttentionRegion attention, WorkerPool pool) : IDisposable
{
    private readonly ColumnSumRegion _sums = new(kernels, workspace, call, attention, pool.Threads);

    /// <summary>Called with queries that are not rotated yet.</summary>
    public void BeforeRotation()
    {
        foreach (var run in call.SequenceRuns)
            call.Cache(run.First).Watch?.SeeUnrotated(call.Layer, call.Row(run.First).Position, run.Count, Queries(run));
    }

    /// <summary>Called with rotated and scaled queries once their keys are stored.</summary>
    public void AfterAttention()
    {
        foreach (var run in call.SequenceRuns)
        {
            if (call.Cache(run.First).Watch is not { } watch)
                continue;
            var unscale = 1 / (call.Part.Shape.Scale * kernels.QueryScale(pages.Layout.Type));
            watch.See(call.Layer, call.Row(run.First).Position, run.Count, Queries(run), unscale);
            if (watch.Needs.ColumnSums)
                pool.Run(_sums, _sums.Prepare(run, watch.SumsOf(call.Layer)));
        }
    }

    public void Dispose() => _sums.Dispose();

    private float* Queries(RowRun run) => workspace.Q + ((long)run.First * call.Part.Shape.Heads * call.Part.Shape.HeadDim);
}
