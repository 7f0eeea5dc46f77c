namespace Octavo.Models.Conversion;

/// <summary>Compares how two formats say that rotary frequencies are stretched: by a rule, or by stored divisors.</summary>
internal static class RotaryMatch
{
    /// <summary>Compares.</summary>
    /// <param name="from">As it is stored.</param>
    /// <param name="to">As it will be.</param>
    /// <param name="read">Reads a stored tensor of divisors.</param>
    /// <param name="compute">Told of divisors that become a stored tensor.</param>
    /// <returns>What differs, or null.</returns>
    public static string? Compare(Rotary from, Rotary to, Func<View, float[]> read, Action<View, float[]> compute)
    {
        switch (from.Scaling, to.Scaling)
        {
            case (LongRopeScaling a, LongRopeScaling b):
                return LongRope(a, b, read, compute);
            case (Llama3Scaling rule, null) when to.Factors is { } stored:
                compute(stored, Llama3Divisors.Of(from, rule));
                return null;
            case (null, Llama3Scaling rule) when from.Factors is { } stored:
                return Llama3Divisors.Equal(Llama3Divisors.Of(to, rule), read(stored)) ? null : $"the divisors of '{stored.Name}' follow no rule that is known";
            case (null, null) when (from.Factors is null) == (to.Factors is null):
                if (from.Factors is { } factors)
                    compute(to.Factors!, read(factors));
                return null;
            case (LinearScaling a, LinearScaling b) when Near(a.Factor, b.Factor):
            case (Llama3Scaling c, Llama3Scaling d) when c == d:
            case (DynamicScaling e, DynamicScaling f) when e == f:
                return null;
            case (YarnScaling a, YarnScaling b) when a.OriginalLength == b.OriginalLength && a.Truncate == b.Truncate
                && Near(a.Factor, b.Factor) && Near(a.BetaFast, b.BetaFast) && Near(a.BetaSlow, b.BetaSlow) && Near(a.AttentionFactor, b.AttentionFactor):
                return null;
            default:
                return $"the rotary scaling is {Name(from)} here and {Name(to)} there";
        }
    }

    private static string? LongRope(LongRopeScaling from, LongRopeScaling to, Func<View, float[]> read, Action<View, float[]> compute)
    {
        if (from.OriginalLength != to.OriginalLength || !Near(from.AttentionFactor, to.AttentionFactor))
            return $"LongRoPE begins at {from.OriginalLength} with factor {from.AttentionFactor} here and at {to.OriginalLength} with {to.AttentionFactor} there";
        return Divisors(from.StoredShort, from.ShortFactors, to.StoredShort, to.ShortFactors)
            ?? Divisors(from.StoredLong, from.LongFactors, to.StoredLong, to.LongFactors);

        string? Divisors(View? stored, IReadOnlyList<double> listed, View? storedThere, IReadOnlyList<double> listedThere)
        {
            var here = stored is null ? [.. listed.Select(number => (float)number)] : read(stored);
            if (storedThere is not null)
                compute(storedThere, here);
            else if (!Llama3Divisors.Equal([.. listedThere.Select(number => (float)number)], here))
                return "the divisors of LongRoPE differ";
            return null;
        }
    }

    // GGUF holds these numbers in fp32
    private static bool Near(double a, double b) => Math.Abs(a - b) <= 1e-6 * Math.Abs(b);

    private static string Name(Rotary rotary) => rotary.Scaling is { } scaling
        ? scaling.ToString()
        : rotary.Factors is null ? "none" : "a tensor of divisors";
}
