namespace Octavo.Models.Conversion;

/// <summary>Llama 3.1's stretched frequencies as GGUF has them: a divisor of each, in place of the rule that they come from.</summary>
internal static class Llama3Divisors
{
    // what the released checkpoints have; a file of divisors does not say which rule they come from
    private const double Low = 1;
    private const double High = 4;

    /// <summary>Dims/2 divisors.</summary>
    public static float[] Of(Rotary rotary, Llama3Scaling scaling)
    {
        var divisors = new float[rotary.Dims / 2];
        var (longest, shortest) = (scaling.OriginalLength / scaling.LowFactor, scaling.OriginalLength / scaling.HighFactor);
        for (var i = 0; i < divisors.Length; i++)
        {
            var wave = 2 * Math.PI * Math.Pow(rotary.Theta, 2.0 * i / rotary.Dims);
            var smooth = ((scaling.OriginalLength / wave) - scaling.LowFactor) / (scaling.HighFactor - scaling.LowFactor);
            divisors[i] = wave < shortest ? 1
                : wave > longest ? (float)scaling.Factor
                : (float)(1 / (((1 - smooth) / scaling.Factor) + smooth));
        }
        return divisors;
    }

    /// <summary>The rule that gives these divisors, with a trained length that is a power of two; null where there is none.</summary>
    public static Llama3Scaling? RuleOf(Rotary rotary, float[] divisors)
    {
        for (var length = 16; length <= 1 << 20; length *= 2)
        {
            var rule = new Llama3Scaling(divisors.Max(), Low, High, length);
            if (Equal(Of(rotary, rule), divisors))
                return rule;
        }
        return null;
    }

    /// <summary>Whether numbers agree as far as fp32 computes them.</summary>
    public static bool Equal(IReadOnlyList<float> a, IReadOnlyList<float> b) =>
        a.Count == b.Count && a.Zip(b).All(pair => Math.Abs(pair.First - pair.Second) <= 1e-5 * Math.Abs(pair.Second));
}
