using Octavo.Core.Tensors;
using Octavo.Engine.Kernels;
using Octavo.Engine.Threads;

namespace Octavo.Engine.Running;

/// <summary>‖W_i + Σ_j b_ij A_j‖ of every row i of a matrix with its adapter, for DoRA.</summary>
/// <param name="kernels">Adds what the adapter adds.</param>
/// <param name="weights">W, as stored.</param>
/// <param name="a">A [rank, columns].</param>
/// <param name="b">B transposed and scaled [rank, rows].</param>
/// <param name="lengths">Where the lengths go.</param>
/// <param name="threads">Threads that may run it.</param>
internal sealed unsafe class RowLengthRegion(KernelSet kernels, WeightRows weights, WeightRows a, float* b, float* lengths, int threads) : Region
{
    private const int RowsPerItem = 16;

    private readonly float[][] _rows = [.. Enumerable.Range(0, threads).Select(_ => new float[weights.Columns])];
    private readonly float[][] _factors = [.. Enumerable.Range(0, threads).Select(_ => new float[a.Rows])];

    public int Items => (weights.Rows + RowsPerItem - 1) / RowsPerItem;

    public override void Run(int item, int worker)
    {
        var (numbers, factors) = (_rows[worker], _factors[worker]);
        for (var row = item * RowsPerItem; row < Math.Min(weights.Rows, (item + 1) * RowsPerItem); row++)
        {
            Dequantizer.ToFloat(weights.Type, new ReadOnlySpan<byte>(weights.Data + (row * weights.RowBytes), (int)weights.RowBytes), numbers);
            for (var j = 0; j < factors.Length; j++)
                factors[j] = b[((long)j * weights.Rows) + row];
            fixed (float* y = numbers, u = factors)
                kernels.AddLowRank(u, factors.Length, (float*)a.Data, weights.Columns, null, y, weights.Columns);
            var sum = 0.0;
            foreach (var number in numbers)
                sum += (double)number * number;
            lengths[row] = (float)Math.Sqrt(sum);
        }
    }
}
