using Octavo.Engine.Kernels;

namespace Octavo.Engine.Running;

/// <summary>What one adapter adds to one matrix, lowered: y = gain · (W x + B (A x)).</summary>
/// <param name="a">A [rank, columns] in fp32; matrices that are stored as one share it.</param>
/// <param name="b">B transposed, scaled, and in the order of the matrix's rows: [rank, rows].</param>
/// <param name="gain">What DoRA multiplies each output with; null without.</param>
internal sealed unsafe class LowRank(WeightRows a, float* b, float* gain)
{
    public WeightRows A { get; } = a;
    public float* B { get; } = b;
    public float* Gain { get; } = gain;
    public int Rank => A.Rows;
}
