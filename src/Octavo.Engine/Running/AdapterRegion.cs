using Octavo.Engine.Kernels;
using Octavo.Engine.Threads;

namespace Octavo.Engine.Running;

/// <summary>A x of every adapter that rows of a product have: runs of rows with the same adapter, cut into chunks of its ranks.</summary>
internal sealed unsafe class AdapterRegion(KernelSet kernels, Workspace workspace, AdapterCall call) : Region
{
    // made with the first use: most models never have an adapter
    private Job[] _jobs = [];
    private int _count;
    private float* _x;
    private int _columns;

    /// <summary>How many chunks there are; 0 where no matrix has an adapter of these rows.</summary>
    public int Items { get; private set; }

    /// <summary>Begins with rows [tokens, columns].</summary>
    /// <param name="x">The rows.</param>
    /// <param name="columns">Numbers per row.</param>
    /// <param name="tokens">How many rows.</param>
    /// <param name="matrices">The product's matrices.</param>
    public void Begin(float* x, int columns, int tokens, ReadOnlySpan<LoweredLinear> matrices)
    {
        _x = x;
        (_columns, _count, Items) = (columns, 0, 0);
        if (_jobs.Length == 0)
            _jobs = new Job[workspace.Rows * LinearRegion.MaxMatrices];
        for (int first = 0, end; first < tokens; first = end)
        {
            end = first + 1;
            while (end < tokens && call.Slots[end] == call.Slots[first])
                end++;
            for (var i = 0; call.Slots[first] != 0 && i < matrices.Length; i++)
            {
                if (matrices[i].LowRanks[call.Slots[first]] is { } lowRank && Source(matrices, i, call.Slots[first]) == i)
                {
                    Items += (lowRank.Rank + kernels.RowMultiple - 1) / kernels.RowMultiple;
                    _jobs[_count++] = new Job(lowRank.A, i, first, end - first, Items);
                }
            }
        }
    }

    /// <summary>The matrix whose A x is that of matrix i: the first one with the same A.</summary>
    public static int Source(ReadOnlySpan<LoweredLinear> matrices, int i, int slot)
    {
        var data = matrices[i].LowRanks[slot]!.A.Data;
        for (var before = 0; before < i; before++)
        {
            if (matrices[before].LowRanks[slot] is { } other && other.A.Data == data)
                return before;
        }
        return i;
    }

    public override void Run(int item, int worker)
    {
        var (low, high) = (0, _count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (item < _jobs[middle].End)
                high = middle;
            else
                low = middle + 1;
        }
        ref readonly var job = ref _jobs[low];
        var first = (item - (low == 0 ? 0 : _jobs[low - 1].End)) * kernels.RowMultiple;
        kernels.MatMulF32(
            job.A.Slice(first, Math.Min(kernels.RowMultiple, job.A.Rows - first)), _x + ((long)job.First * _columns), _columns, job.Tokens,
            call.Reduced(job.Matrix, job.First) + first, call.Stride, workspace.Scratch + ((long)worker * workspace.ScratchFloats));
    }

    /// <summary>One A times a run of rows.</summary>
    /// <param name="a">The matrix.</param>
    /// <param name="matrix">Which of the product's matrices it belongs to.</param>
    /// <param name="first">The first row.</param>
    /// <param name="tokens">How many rows.</param>
    /// <param name="end">The chunk behind its last one.</param>
    private readonly struct Job(WeightRows a, int matrix, int first, int tokens, int end)
    {
        public readonly WeightRows A = a;
        public readonly int Matrix = matrix;
        public readonly int First = first;
        public readonly int Tokens = tokens;
        public readonly int End = end;
    }
}
