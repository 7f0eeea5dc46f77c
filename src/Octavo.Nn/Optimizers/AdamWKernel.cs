using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
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
    private const int Chunk = 1 << 10;

    /// <summary>Σ x² in a fixed order, whatever the threads.</summary>
    public static double SumOfSquares(Tensor x)
    {
        var sums = new double[TensorMemory.PartsOf(x.numel(), Band)];
        TensorMemory.Parts(x.numel(), Band, (band, at, count) =>
        {
            using var part = TensorMemory.Part(x, at, count);
            sums[band] = x.dtype == ScalarType.BFloat16 ? SumOfHalves(part.bytes) : Sum(TensorMemory.Floats(part));
        });
        return sums.Sum();
    }

    public static void Apply(AdamWUpdate update, Tensor value, Tensor gradient, Tensor mean, Tensor square)
    {
        var isHalf = value.dtype == ScalarType.BFloat16;
        if (!gradient.is_contiguous() || !value.is_contiguous() || gradient.dtype != value.dtype || !(isHalf || value.dtype == ScalarType.Float32))
            throw new ShapeException("the optimizer takes contiguous tensors of fp32 or bf16 only, with gradients of the same type.");
        TensorMemory.Parts(value.numel(), Band, (_, at, count) =>
        {
            using var w = TensorMemory.Part(value, at, count);
            using var g = TensorMemory.Part(gradient, at, count);
            using var m = TensorMemory.Part(mean, at, count);
            using var v = TensorMemory.Part(square, at, count);
            if (isHalf)
                StepOfHalves(update, w.bytes, g.bytes, TensorMemory.Floats(m), TensorMemory.Floats(v));
            else
                Step(update, TensorMemory.Floats(w), TensorMemory.Floats(g), TensorMemory.Floats(m), TensorMemory.Floats(v));
        });
    }

    // fp32 for as long as the step takes
    private static void StepOfHalves(in AdamWUpdate u, Span<byte> w, ReadOnlySpan<byte> g, Span<float> m, Span<float> v)
    {
        Span<float> value = stackalloc float[Chunk], gradient = stackalloc float[Chunk];
        for (var at = 0; at < m.Length; at += Chunk)
        {
            var count = Math.Min(Chunk, m.Length - at);
            var stored = w.Slice(at * sizeof(ushort), count * sizeof(ushort));
            Widen(stored, value[..count]);
            Widen(g.Slice(at * sizeof(ushort), count * sizeof(ushort)), gradient[..count]);
            Step(u, value[..count], gradient[..count], m.Slice(at, count), v.Slice(at, count));
            Round(value[..count], stored);
        }
    }

    private static double SumOfHalves(ReadOnlySpan<byte> x)
    {
        Span<float> wide = stackalloc float[Chunk];
        var sum = 0.0;
        for (var at = 0; at < x.Length; at += Chunk * sizeof(ushort))
        {
            var part = x.Slice(at, Math.Min(Chunk * sizeof(ushort), x.Length - at));
            Widen(part, wide[..(part.Length / sizeof(ushort))]);
            sum += Sum(wide[..(part.Length / sizeof(ushort))]);
        }
        return sum;
    }

    private static unsafe void Widen(ReadOnlySpan<byte> halves, Span<float> floats)
    {
        fixed (byte* from = halves)
        {
            fixed (float* to = floats)
            {
                var i = 0;
                for (; i <= floats.Length - Vector256<float>.Count; i += Vector256<float>.Count)
                    Bf16.Load(from, i).Store(to + i);
                for (; i < floats.Length; i++)
                    to[i] = Bf16.LoadOne(from, i);
            }
        }
    }

    private static unsafe void Round(ReadOnlySpan<float> floats, Span<byte> halves)
    {
        fixed (float* from = floats)
        {
            fixed (byte* to = halves)
            {
                var i = 0;
                for (; i <= floats.Length - Vector256<float>.Count; i += Vector256<float>.Count)
                    Bf16.Store(to, i, Vector256.Load(from + i));
                for (; i < floats.Length; i++)
                    Bf16.StoreOne(to, i, from[i]);
            }
        }
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
