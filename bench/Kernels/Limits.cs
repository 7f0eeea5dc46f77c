using Octavo.Engine.Benchmarks;
using Octavo.Engine.Kernels;

namespace Octavo.Bench.Kernels;

/// <summary>What one thread can do at this moment: read memory, multiply and add in fp32, multiply and add bytes.</summary>
internal static unsafe class Limits
{
    // a little more than the matrices of the products, so that the same caches hold some of it
    private const int Parts = 64;
    private const int PartBytes = 1 << 20;
    private const int Rounds = 10_000;

    private static readonly byte* _data = Memory.Take<byte>(Parts * (long)PartBytes);

    public static SetLimits Measure(KernelSet set)
    {
        var kernels = PeakKernels.Of(set.Name);
        var part = 0;
        var read = Timing.MeasureShort(() => kernels.Read(_data + ((part++ % Parts) * (long)PartBytes), PartBytes));
        var floats = Timing.MeasureShort(() => kernels.MultiplyAdd(Rounds));
        var bytes = Timing.MeasureShort(() => kernels.Dot(_data, Rounds));
        Timing.Print($"{set.Name} limit: prefetching read", read, PartBytes, 0);
        Timing.Print($"{set.Name} limit: fp32", floats, 0, Rounds * kernels.FloatOperations);
        Timing.Print($"{set.Name} limit: int8, {kernels.IntegerForm}", bytes, 0, Rounds * kernels.IntegerOperations);
        return new SetLimits(
            set.Name, Parts * (long)PartBytes, PartBytes / read.Best / 1e9, Rounds * kernels.FloatOperations / floats.Best / 1e9,
            Rounds * kernels.IntegerOperations / bytes.Best / 1e9, kernels.IntegerForm);
    }
}
