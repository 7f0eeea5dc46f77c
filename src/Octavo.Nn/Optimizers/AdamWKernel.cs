using System.Numerics;
using System.Runtime.InteropServices;
using Octavo.Core;
using Octavo.Nn.Kernels;
using static TorchSharp.torch;

namespace Octavo.Nn.Optimizers;

/// <summary>What a step does to every number.</summary>
internal readonly struct AdamWUpdate
{
    public AdamWUpdate(AdamWOptions options, double learningRate, double gradientScale, long step)
    {
        (Beta1, Beta2, Epsilon, Scale) = ((float)options.Beta1, (float)options.Beta2, (float)options.Epsilon, (float)gradientScale);
        Keep = (float)(1 - (learningRate * options.WeightDecay));
        (Mean, Square) = ((float)(1 - options.Beta1), (float)(1 - options.Beta2));
        Rate = (float)(learningRate / (1 - Math.Pow(options.Beta1, step)));
        Root = (float)Math.Sqrt(1 - Math.Pow(options.Beta2, step));
    }

    public readonly float Beta1, Beta2, Epsilon, Scale, Keep, Mean, Square, Rate, Root;
}

/// <summary>The pass over memory of an AdamW step.</summary>
internal static class AdamWKernel
{
    private const int Band = 1 << 18;

    /// <summary>Σ x² in a fixed order, whatever the threads.</summary>
    public static double SumOfSquares(Tensor x)
    {
        var sums = new double[TensorMemory.PartsOf(x.numel(), Band)];
        TensorMemory.Parts(x.numel(), Band, (band, at, count) =>
        {
            using var part = TensorMemory.Part(x, at, count);
            sums[band] = Sum(TensorMemory.Floats(part));
        });
        return sums.Sum();
    }

    public static void Apply(AdamWUpdate update, Tensor value, Tensor gradient, Tensor mean, Tensor square)
    {
        if (!gradient.is_contiguous() || !value.is_contiguous() || value.dtype != ScalarType.Float32)
            throw new ShapeException("the optimizer takes contiguous fp32 tensors only.");
        TensorMemory.Parts(value.numel(), Band, (_, at, count) =>
        {
            using var w = TensorMemory.Part(value, at, count);
            using var g = TensorMemory.Part(gradient, at, count);
            using var m = TensorMemory.Part(mean, at, count);
            using var v = TensorMemory.Part(square, at, count);
            Step(update, TensorMemory.Floats(w), TensorMemory.Floats(g), TensorMemory.Floats(m), TensorMemory.Floats(v));
        });
    }

    private static void Step(in AdamWUpdate u, Span<float> w, ReadOnlySpan<float> g, Span<float> m, Span<float> v)
    {
        var width = Vector<float>.Count;
        var i = 0;
        for (; i <= w.Length - width; i += width)
        {
            var gradient = new Vector<float>(g[i..]) * u.Scale;
            var mean = new Vector<float>(m[i..]);
            mean += (gradient - mean) * u.Mean;
            var square = (new Vector<float>(v[i..]) * u.Beta2) + (gradient * gradient * u.Square);
            var below = (Vector.SquareRoot(square) / new Vector<float>(u.Root)) + new Vector<float>(u.Epsilon);
            mean.CopyTo(m[i..]);
            square.CopyTo(v[i..]);
            ((new Vector<float>(w[i..]) * u.Keep) - (mean / below * u.Rate)).CopyTo(w[i..]);
        }
        for (; i < w.Length; i++)
        {
            var gradient = g[i] * u.Scale;
            m[i] += (gradient - m[i]) * u.Mean;
            v[i] = (v[i] * u.Beta2) + (gradient * gradient * u.Square);
            w[i] = (w[i] * u.Keep) - (m[i] / ((MathF.Sqrt(v[i]) / u.Root) + u.Epsilon) * u.Rate);
        }
    }

    private static double Sum(ReadOnlySpan<float> x)
    {
        var sum = 0.0;
        foreach (var line in MemoryMarshal.Cast<float, Vector<float>>(x))
        {
            Vector.Widen(line, out var low, out var high);
            sum += Vector.Dot(low, low) + Vector.Dot(high, high);
        }
        for (var i = x.Length - (x.Length % Vector<float>.Count); i < x.Length; i++)
            sum += (double)x[i] * x[i];
        return sum;
    }
}
