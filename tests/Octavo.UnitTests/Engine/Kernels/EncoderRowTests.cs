using Octavo.Engine.Kernels;
using Octavo.Models;
using Shouldly;

namespace Octavo.UnitTests.Engine.Kernels;

/// <summary>The kernels that encoders need beside the rest.</summary>
public unsafe class EncoderRowTests
{
    private static readonly int[] _lengths = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 31, 32, 33, 48, 64, 100, 384];

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void LayerNorm_AnyLength_EqualsDoubleReferenceAlsoInPlace(string name)
    {
        foreach (var n in _lengths)
        {
            using var x = Floats([.. Reference.Gaussians(n, 1, 3).Select(number => number + 2)]);
            using var w = Floats(Reference.Gaussians(n, 2));
            using var b = Floats(Reference.Gaussians(n, 3));
            using var y = new Guarded<float>(n);
            KernelSets.Select(name).LayerNorm(x.Pointer, w.Pointer, b.Pointer, 1e-5f, n, y.Pointer);
            y.CheckGuards();
            var mean = x.Span.ToArray().Average(number => (double)number);
            var variance = x.Span.ToArray().Average(number => (number - mean) * (number - mean));
            for (var i = 0; i < n; i++)
            {
                var normed = (x.Span[i] - mean) / Math.Sqrt(variance + 1e-5f);
                var bound = 2e-6 * (((1 + Math.Abs(normed)) * Math.Abs(w.Span[i])) + Math.Abs(b.Span[i]));
                // one number is its own mean, and what is left of it is divided by next to nothing
                if (n > 1)
                    Math.Abs(y.Span[i] - ((normed * w.Span[i]) + b.Span[i])).ShouldBeLessThan(bound, $"{n}: {i}");
                else
                    y.Span[0].ShouldBe(b.Span[0]);
            }
            var apart = y.Span.ToArray();
            KernelSets.Select(name).LayerNorm(x.Pointer, w.Pointer, b.Pointer, 1e-5f, n, x.Pointer);
            x.CheckGuards();
            x.Span.ToArray().ShouldBe(apart);
        }
    }

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void LayerNorm_NaN_Spreads(string name)
    {
        foreach (var n in new[] { 8, 33 })
        {
            using var x = Floats(Reference.Gaussians(n, 1));
            using var w = Floats(Reference.Gaussians(n, 2));
            x.Span[n - 1] = float.NaN;
            KernelSets.Select(name).LayerNorm(x.Pointer, w.Pointer, w.Pointer, 1e-5f, n, x.Pointer);
            foreach (var number in x.Span)
                number.ShouldBe(float.NaN);
        }
    }

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void Activate_AnyLength_EqualsDoubleReference(string name)
    {
        foreach (var n in _lengths)
        {
            foreach (var act in new[] { Activation.Gelu, Activation.GeluTanh, Activation.Silu })
            {
                using var x = Floats(Reference.Gaussians(n, (ulong)n, 3));
                var before = x.Span.ToArray();
                KernelSets.Select(name).Activate(act, x.Pointer, n);
                x.CheckGuards();
                for (var i = 0; i < n; i++)
                {
                    // the error function is taken to 1.5e-7; an exponent that is rounded counts the more, the larger it is
                    var bound = act == Activation.Gelu
                        ? 4e-7 * (1 + Math.Abs(before[i]))
                        : 4e-7 * (1 + (before[i] * before[i])) * Math.Abs(Expected(act, before[i]));
                    Math.Abs(x.Span[i] - Expected(act, before[i])).ShouldBeLessThanOrEqualTo(bound + 1e-30, $"{act} of {before[i]}");
                }
            }
        }
    }

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void Gelu_LargeNumbersZeroAndNaN_AreThemselvesOrNothing(string name)
    {
        using var x = Floats([30, -30, 0, float.NaN, 1000, -1000, 5, 1, float.NaN]);
        KernelSets.Select(name).Activate(Activation.Gelu, x.Pointer, 9);
        (x.Span[0], x.Span[4]).ShouldBe((30f, 1000f));
        foreach (var i in new[] { 1, 2, 5 })
            x.Span[i].ShouldBe(0f);
        (x.Span[3], x.Span[8]).ShouldBe((float.NaN, float.NaN));
    }

    private static double Expected(Activation act, double x) => act switch
    {
        Activation.Silu => x / (1 + Math.Exp(-x)),
        // ½(1 + tanh u) without the difference of what is nearly equal
        Activation.GeluTanh => x / (1 + Math.Exp(-2 * Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        _ => x * Phi(x),
    };

    // ½ + the integral of the bell curve from 0 to x, by Simpson's rule
    private static double Phi(double x)
    {
        const int Steps = 2000;
        double Density(double at) => Math.Exp(-at * at / 2) / Math.Sqrt(2 * Math.PI);
        var sum = Density(0) + Density(x);
        for (var i = 1; i < Steps; i++)
            sum += (i % 2 == 1 ? 4 : 2) * Density(x * i / Steps);
        return 0.5 + (sum * x / Steps / 3);
    }

    private static Guarded<float> Floats(float[] numbers)
    {
        var memory = new Guarded<float>(numbers.Length);
        numbers.CopyTo(memory.Span);
        return memory;
    }
}
