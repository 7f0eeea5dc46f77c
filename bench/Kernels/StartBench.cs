using System.Runtime;
using Octavo.Core.Tensors;
using Octavo.Engine;
using Octavo.Engine.Kernels;
using Octavo.Models;

namespace Octavo.Bench.Kernels;

/// <summary>What compiling the kernels of a chat costs: each is called once, on next to no data.</summary>
internal static unsafe class StartBench
{
    private const int Columns = 64;
    private const int Tokens = 4;

    public static void Run(KernelSet set)
    {
        var before = JitInfo.GetCompilationTime(currentThread: true);
        var methods = JitInfo.GetCompiledMethodCount(currentThread: true);
        var x = Memory.Gaussians(Tokens * Columns);
        var y = Memory.Take<float>(Tokens * Columns);
        var scratch = Memory.Take<float>(set.ScratchFloats(Columns));
        var quantized = Memory.Quantized(Tokens, Columns, 16);
        for (var t = 0; t < Tokens; t++)
            set.Quantize(x + (t * Columns), quantized.Row(t));
        foreach (var type in new[] { TensorType.Q4_1, TensorType.Q8_0 })
        {
            var format = PackedFormat.Of(type)!;
            var w = new PackedRows(Memory.Take<byte>(format.ByteLength(16, Columns)), format, 16, Columns);
            Packer.Pack(new WeightRows(Memory.Weights(type, 16 * Columns), type, 16, Columns), w, 0, 2);
            set.MatMulPacked(w, quantized, 1, y, 16, scratch);
            set.MatMulPacked(w, quantized, Tokens, y, 16, scratch);
        }
        set.RmsNorm(x, x, 1e-5f, Columns, y);
        set.GateMul(Activation.Silu, x, x, Columns, y);
        set.Add(y, x, Columns);
        set.Rotate(x, 1, Columns, Columns, Pairing.Neighbours, y, y);
        Attend(set, x);
        Console.WriteLine(
            $"{set.Name} compiles {JitInfo.GetCompiledMethodCount(currentThread: true) - methods} methods in "
            + $"{(JitInfo.GetCompilationTime(currentThread: true) - before).TotalMilliseconds:f1} ms");
    }

    /// <summary>A decode row and a prefill tile.</summary>
    private static void Attend(KernelSet set, float* x)
    {
        var layout = new PageLayout(KvType.F16, Columns);
        var page = new PageView(Memory.Take<byte>(layout.HeadBytes), layout);
        set.StorePosition(page, 0, x, x);
        const int Most = 3 * Tokens;
        var visible = Memory.Take<Slots>(Most);
        new Span<Slots>(visible, Most).Fill(new Slots(0, 64));
        var q = Memory.Gaussians(Most * Columns);
        var sums = Memory.Take<float>(Most * (Columns + 2));
        var scratch = Memory.Take<float>(KernelSet.AttendScratchFloats(Columns, Most));
        foreach (var queries in new[] { 3, Most })
            set.AttendPage(page, new QueryBlock(q, queries, sums, sums + queries, sums + (2 * queries)), visible, page.Keys, scratch);
    }
}
