using Octavo.Core;

namespace Octavo.Models;

/// <summary>
/// The rotary frequencies of a description. The reference computes them in fp32, and positions multiply whatever rounding it does, so
/// this rounds to fp32 at the same places; the results are fp32 numbers held in doubles.
/// </summary>
public static class RotaryFrequencies
{
    /// <summary>Computes the angle per position of each pair.</summary>
    /// <param name="rotary">The description.</param>
    /// <param name="sequenceLength">The longest position of the sequence plus one; only dynamic scaling looks at it.</param>
    /// <param name="factors">Dims/2 divisors in place of the scaling's (the tensor behind <see cref="Rotary.Factors"/>), or empty.</param>
    /// <param name="inverse">Dims/2 frequencies come here.</param>
    /// <returns>What cos and sin are multiplied with.</returns>
    /// <exception cref="ShapeException"><paramref name="inverse"/> or <paramref name="factors"/> have not Dims/2 numbers.</exception>
    public static float Compute(Rotary rotary, int sequenceLength, ReadOnlySpan<float> factors, Span<double> inverse)
    {
        var pairs = rotary.Dims / 2;
        if (inverse.Length != pairs || (factors.Length != pairs && !factors.IsEmpty))
        {
            throw new ShapeException(
                $"rotary frequencies: inverse has {inverse.Length} and factors {factors.Length} numbers; {pairs} are expected.");
        }
        Plain(rotary.Scaling is DynamicScaling dynamic ? Base(rotary, dynamic, sequenceLength) : rotary.Theta, rotary.Dims, inverse);
        if (rotary.Scaling is LongRopeScaling longRope)
        {
            for (var i = 0; i < pairs; i++)
                inverse[i] = 1f / (factors[i] * MathF.Pow((float)rotary.Theta, 2f * i / rotary.Dims));
            return (float)longRope.AttentionFactor;
        }
        if (!factors.IsEmpty)
        {
            for (var i = 0; i < pairs; i++)
                inverse[i] = (float)inverse[i] / factors[i];
            return 1;
        }
        switch (rotary.Scaling)
        {
            case null or DynamicScaling:
                return 1;
            case LinearScaling linear:
                for (var i = 0; i < pairs; i++)
                    inverse[i] = (float)inverse[i] / (float)linear.Factor;
                return 1;
            case Llama3Scaling llama3:
                Llama3(llama3, inverse);
                return 1;
            case YarnScaling yarn:
                Yarn(yarn, rotary, inverse);
                return (float)yarn.AttentionFactor;
            default:
                throw new UnsupportedException(
                    $"rotary scaling {rotary.Scaling.GetType().Name} is not supported; plain, linear, dynamic, llama3, longrope and yarn are.");
        }
    }

    // θ^(−2i/Dims)
    private static void Plain(double theta, int dims, Span<double> inverse)
    {
        for (var i = 0; i < inverse.Length; i++)
            inverse[i] = 1f / MathF.Pow((float)theta, 2f * i / dims);
    }

    // dynamic NTK: up to the trained length the base stays what it is
    private static double Base(Rotary rotary, DynamicScaling scaling, int sequenceLength)
    {
        double length = Math.Max(sequenceLength, scaling.OriginalLength);
        var growth = (scaling.Factor * length / scaling.OriginalLength) - (scaling.Factor - 1);
        return rotary.Theta * Math.Pow(growth, (double)rotary.Dims / (rotary.Dims - 2));
    }

    private static void Llama3(Llama3Scaling scaling, Span<double> inverse)
    {
        var (longest, shortest) = (scaling.OriginalLength / scaling.LowFactor, scaling.OriginalLength / scaling.HighFactor);
        for (var i = 0; i < inverse.Length; i++)
        {
            var frequency = (float)inverse[i];
            var wave = (float)(2 * Math.PI) / frequency;
            if (wave > longest)
            {
                inverse[i] = frequency / (float)scaling.Factor;
            }
            else if (wave >= shortest)
            {
                var smooth = ((scaling.OriginalLength / wave) - (float)scaling.LowFactor) / (float)(scaling.HighFactor - scaling.LowFactor);
                inverse[i] = ((1 - smooth) * frequency / (float)scaling.Factor) + (smooth * frequency);
            }
        }
    }

    private static void Yarn(YarnScaling scaling, Rotary rotary, Span<double> inverse)
    {
        var (low, high) = (Dimension(scaling.BetaFast), Dimension(scaling.BetaSlow));
        if (scaling.Truncate)
            (low, high) = (Math.Floor(low), Math.Ceiling(high));
        (low, high) = (Math.Max(low, 0), Math.Min(high, rotary.Dims - 1));
        if (low == high)
            high += 0.001;
        for (var i = 0; i < inverse.Length; i++)
        {
            var period = MathF.Pow((float)rotary.Theta, 2f * i / rotary.Dims);
            var kept = 1 - Math.Clamp((i - (float)low) / (float)(high - low), 0f, 1f);
            inverse[i] = (1f / ((float)scaling.Factor * period) * (1 - kept)) + (1f / period * kept);
        }

        // the dimension whose wave turns so many times within the trained length
        double Dimension(double turns) =>
            rotary.Dims * Math.Log(scaling.OriginalLength / (turns * 2 * Math.PI)) / (2 * Math.Log(rotary.Theta));
    }
}
