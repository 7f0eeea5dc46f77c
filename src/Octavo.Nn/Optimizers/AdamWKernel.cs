using System.Numerics;
using System.Runtime.InteropServices;
using Octavo.Core;
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
        var bands = Bands(x.numel());
        var sums = new double[bands];
        Parallel.For(0, bands, band =>
        {
            using var part = Part(x, band);
            sums[band] = part.dtype == ScalarType.Float32 ? Sum(Floats(part)) : Sum(Widen(part));
        });
        return sums.Sum();
    }

    public static void Apply(AdamWUpdate update, Tensor value, Tensor gradient, Tensor mean, Tensor square)
    {
        if (!gradient.is_contiguous() || !value.is_contiguous())
            throw new ShapeException("the optimizer takes contiguous tensors only.");
        Parallel.For(0, Bands(value.numel()), band =>
        {
            using var w = Part(value, band);
            using var g = Part(gradient, band);
            using var m = Part(mean, band);
            using var v = Part(square, band);
            if (w.dtype == ScalarType.Float32)
            {
                Step(update, Floats(w), Floats(g), Floats(m), Floats(v));
                return;
            }
            // bf16 without a master: the update is computed in fp32 and rounded away where it is too small
            var wide = Widen(w);
            Step(update, wide, Widen(g), Floats(m), Floats(v));
            Narrow(wide, MemoryMarshal.Cast<byte, ushort>(w.bytes));
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

    private static int Bands(long count) => (int)((count + Band - 1) / Band);

    private static Tensor Part(Tensor x, int band)
    {
        using var apart = x.detach();
        using var flat = apart.view(-1);
        return flat.narrow(0, (long)band * Band, Math.Min(Band, x.numel() - ((long)band * Band)));
    }

    private static Span<float> Floats(Tensor x) => MemoryMarshal.Cast<byte, float>(x.bytes);

    private static float[] Widen(Tensor x)
    {
        var words = MemoryMarshal.Cast<byte, ushort>(x.bytes);
        var wide = new float[words.Length];
        for (var i = 0; i < wide.Length; i++)
            wide[i] = BitConverter.UInt32BitsToSingle((uint)words[i] << 16);
        return wide;
    }

    // round to nearest, ties to even
    private static void Narrow(ReadOnlySpan<float> wide, Span<ushort> words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            var bits = BitConverter.SingleToUInt32Bits(wide[i]);
            words[i] = (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
        }
    }
}
