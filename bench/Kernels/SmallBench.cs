using Octavo.Engine.Kernels;
using Octavo.Models;

namespace Octavo.Bench.Kernels;

/// <summary>What runs once per row.</summary>
internal static unsafe class SmallBench
{
    public static void Elementwise(KernelSet set, int n, Report report)
    {
        var x = Memory.Gaussians(n);
        var w = Memory.Gaussians(n);
        var y = Memory.Take<float>(n);
        var quantized = Memory.Quantized(1, n, 16);
        var cos = Memory.Gaussians(32);
        void Add(string name, int? bits, double bytes, double operations, Action call)
        {
            var (median, best) = Timing.Measure(call);
            report.Add(new Result(set.Name, Result.Rows, name, null, bits, n, 1, bytes * n, operations * n, median, best));
        }
        Add("rmsnorm", null, 12, 4, () => set.RmsNorm(x, w, 1e-5f, n, y));
        Add("silumul", null, 12, 20, () => set.GateMul(Activation.Silu, x, w, n, y));
        Add("quantize", 16, 6, 3, () => set.Quantize(x, quantized));
        Add("add", null, 12, 1, () => set.Add(y, w, n));
        foreach (var pairing in new[] { Pairing.Halves, Pairing.Neighbours })
            Add($"rotate {pairing}", null, 8, 3, () => set.Rotate(x, n / 64, 64, 64, pairing, cos, cos));
    }
}
