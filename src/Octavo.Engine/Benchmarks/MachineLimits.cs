namespace Octavo.Engine.Benchmarks;

/// <summary>What the machine can do at best with a number of threads and an instruction set, each per second.</summary>
/// <param name="Threads">Threads.</param>
/// <param name="ReadBytes">Bytes of a prefetching read.</param>
/// <param name="FloatOperations">fp32 operations of fused multiply-adds.</param>
/// <param name="IntegerOperations">Operations of 8-bit products that are summed.</param>
/// <param name="IntegerForm">How these are summed: the best way that .NET has on this processor.</param>
internal sealed record MachineLimits(int Threads, double ReadBytes, double FloatOperations, double IntegerOperations, string IntegerForm)
{
    /// <summary>The shortest time in which these operations could be done.</summary>
    public double Seconds(Operations operations) => (operations.Integer / IntegerOperations) + (operations.Float / FloatOperations);
}
