using Octavo.Engine.Kernels;
using Octavo.Models;
using Shouldly;

namespace Octavo.UnitTests.Engine.Kernels;

public unsafe class ElementwiseTests
{
    private static readonly int[] _lengths = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 31, 32, 33, 48, 64, 100, 576];

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void RmsNorm_AnyLength_EqualsDoubleReference(string name)
    {
        foreach (var n in _lengths)
        {
            using var x = Floats(Reference.Gaussians(n, 1, 3));
            using var w = Floats(Reference.Gaussians(n, 2));
            using var y = new Guarded<float>(n);
            KernelSets.Select(name).RmsNorm(x.Pointer, w.Pointer, 1e-5f, n, y.Pointer);
            y.CheckGuards();
            double sum = 0;
            foreach (var number in x.Span)
                sum += (double)number * number;
            for (var i = 0; i < n; i++)
                Near(y.Span[i], x.Span[i] / Math.Sqrt((sum / n) + 1e-5f) * w.Span[i], 4e-7, $"{n}: {i}");
            var apart = y.Span.ToArray();
            KernelSets.Select(name).RmsNorm(x.Pointer, w.Pointer, 1e-5f, n, x.Pointer);
            x.CheckGuards();
            x.Span.ToArray().ShouldBe(apart);
        }
    }

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void RmsNorm_Zeros_IsZeroAndNaNSpreads(string name)
    {
        using var x = Floats(new float[33]);
        using var w = Floats(Reference.Gaussians(33, 2));
        KernelSets.Select(name).RmsNorm(x.Pointer, w.Pointer, 1e-5f, 33, x.Pointer);
        foreach (var number in x.Span)
            number.ShouldBe(0);
        x.Span[32] = float.NaN;
        KernelSets.Select(name).RmsNorm(x.Pointer, w.Pointer, 1e-5f, 33, x.Pointer);
        foreach (var number in x.Span)
            number.ShouldBe(float.NaN);
    }

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void SiluMul_AnyLength_EqualsDoubleReference(string name)
    {
        foreach (var n in _lengths)
        {
            using var gate = Floats(Reference.Gaussians(n, 3, 8));
            using var up = Floats(Reference.Gaussians(n, 4));
            using var y = new Guarded<float>(n);
            KernelSets.Select(name).GateMul(Activation.Silu, gate.Pointer, up.Pointer, n, y.Pointer);
            y.CheckGuards();
            for (var i = 0; i < n; i++)
                Near(y.Span[i], gate.Span[i] / (1 + Math.Exp(-gate.Span[i])) * up.Span[i], 4e-7, $"{n}: {i}");
            var apart = y.Span.ToArray();
            KernelSets.Select(name).GateMul(Activation.Silu, gate.Pointer, up.Pointer, n, gate.Pointer);
            gate.CheckGuards();
            gate.Span.ToArray().ShouldBe(apart);
        }
    }

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void SiluMul_FarGates_NeitherOverflowNorVanish(string name)
    {
        using var gate = Floats([-1e30f, -200, -100, -0f, 0, 100, 200, 1e30f, float.NaN]);
        using var up = Floats([1, 1, 1, 1, 1, 1, 1, 1, 1]);
        using var y = new Guarded<float>(9);
        KernelSets.Select(name).GateMul(Activation.Silu, gate.Pointer, up.Pointer, 9, y.Pointer);
        y.Span[0].ShouldBe(0);
        y.Span[1].ShouldBe(0);
        y.Span[2].ShouldBe(0, 1e-38f);
        y.Span[3].ShouldBe(0);
        y.Span[4].ShouldBe(0);
        y.Span[5].ShouldBe(100);
        y.Span[6].ShouldBe(200);
        y.Span[7].ShouldBe(1e30f);
        y.Span[8].ShouldBe(float.NaN);
    }

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void AddAndScale_AnyLength_AreExact(string name)
    {
        foreach (var n in _lengths)
        {
            using var x = Floats(Reference.Gaussians(n, 5));
            using var y = Floats(Reference.Gaussians(n, 6));
            var sums = x.Span.ToArray().Zip(y.Span.ToArray(), (a, b) => a + b).ToArray();
            KernelSets.Select(name).Add(x.Pointer, y.Pointer, n);
            x.CheckGuards();
            x.Span.ToArray().ShouldBe(sums);
            KernelSets.Select(name).Scale(x.Pointer, 0.37f, n);
            x.CheckGuards();
            x.Span.ToArray().ShouldBe(sums.Select(sum => sum * 0.37f));
        }
    }

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void Rotate_BothPairings_TurnsPairsAndNothingElse(string name)
    {
        foreach (var pairing in new[] { Pairing.Halves, Pairing.Neighbours })
        {
            foreach (var (headDim, dims) in new[] { (4, 4), (8, 8), (8, 2), (12, 6), (16, 10), (20, 14), (64, 64), (80, 32), (128, 128), (36, 34) })
                CheckRotation(name, pairing, headDim, dims);
        }
    }

    private static void CheckRotation(string name, Pairing pairing, int headDim, int dims)
    {
        const int Heads = 3;
        using var x = Floats(Reference.Gaussians(Heads * headDim, 7));
        using var cos = Floats([.. Enumerable.Range(0, dims / 2).Select(i => MathF.Cos(i + 1))]);
        using var sin = Floats([.. Enumerable.Range(0, dims / 2).Select(i => MathF.Sin(i + 1))]);
        var expected = x.Span.ToArray();
        KernelSets.Select(name).Rotate(x.Pointer, Heads, headDim, dims, pairing, cos.Pointer, sin.Pointer);
        x.CheckGuards();
        for (var pair = 0; pair < Heads * dims / 2; pair++)
        {
            var i = pair % (dims / 2);
            var head = pair / (dims / 2) * headDim;
            var (first, second) = pairing == Pairing.Halves ? (head + i, head + i + (dims / 2)) : (head + (2 * i), head + (2 * i) + 1);
            double a = expected[first], b = expected[second];
            var bound = 4e-7 * (Math.Abs(a) + Math.Abs(b));
            Math.Abs(x.Span[first] - ((a * cos.Span[i]) - (b * sin.Span[i]))).ShouldBeLessThan(bound, $"{pairing} {dims} {i}");
            Math.Abs(x.Span[second] - ((b * cos.Span[i]) + (a * sin.Span[i]))).ShouldBeLessThan(bound, $"{pairing} {dims} {i}");
        }
        for (var i = 0; i < expected.Length; i++)
        {
            if (i % headDim >= dims)
                x.Span[i].ShouldBe(expected[i]);
        }
    }

    private static Guarded<float> Floats(float[] numbers)
    {
        var memory = new Guarded<float>(numbers.Length);
        numbers.CopyTo(memory.Span);
        return memory;
    }

    private static void Near(float actual, double expected, double relative, string place) =>
        Math.Abs(actual - expected).ShouldBeLessThanOrEqualTo((relative * Math.Abs(expected)) + 1e-44, $"{place}: {actual} for {expected}");
}
