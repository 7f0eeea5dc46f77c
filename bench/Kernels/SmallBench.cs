using Octavo.Engine.Kernels;
using Octavo.Models;

namespace Octavo.Bench.Kernels;

/// <summary>What runs once per row.</summary>
internal static unsafe class SmallBench
{
    public static void Elementwise(KernelSet set, int n)
    {
        var x = Memory.Gaussians(n);
        var w = Memory.Gaussians(n);
        var y = Memory.Take<float>(n);
        var quantized = Memory.Quantized(1, n, 16);
        var cos = Memory.Gaussians(32);
        Timing.Print($"{set.Name} rmsnorm {n}", Timing.Measure(() => set.RmsNorm(x, w, 1e-5f, n, y)), 12.0 * n, 4.0 * n);
        Timing.Print($"{set.Name} silumul {n}", Timing.Measure(() => set.SiluMul(x, w, n, y)), 12.0 * n, 20.0 * n);
        Timing.Print($"{set.Name} quantize {n}", Timing.Measure(() => set.Quantize(x, quantized)), 6.0 * n, 3.0 * n);
        Timing.Print($"{set.Name} add {n}", Timing.Measure(() => set.Add(y, w, n)), 12.0 * n, n);
        foreach (var pairing in new[] { Pairing.Halves, Pairing.Neighbours })
            Timing.Print($"{set.Name} rotate {pairing} {n}", Timing.Measure(() => set.Rotate(x, n / 64, 64, 64, pairing, cos, cos)), 8.0 * n, 3.0 * n);
    }
}
