namespace Octavo.Models;

/// <summary>Rotary position embedding.</summary>
/// <param name="Dims">How many numbers of a head are rotated.</param>
/// <param name="Pairing">Which two numbers form a pair.</param>
/// <param name="Theta">The base of the frequencies.</param>
/// <param name="Scaling">What stretches the frequencies beyond the trained length; null means nothing.</param>
/// <param name="Factors">A stored tensor of Dims/2 divisors (GGUF <c>rope_freqs.weight</c>), used in place of <paramref name="Scaling"/>'s factors.</param>
public sealed record Rotary(int Dims, Pairing Pairing, double Theta, RotaryScaling? Scaling = null, View? Factors = null);

/// <summary>Which two numbers a rotation turns together.</summary>
public enum Pairing
{
    /// <summary>i and i + Dims/2.</summary>
    Halves,
    /// <summary>2i and 2i + 1.</summary>
    Neighbours,
}

/// <summary>A rule that changes the rotary frequencies.</summary>
public abstract record RotaryScaling;

/// <summary>All frequencies divided by <paramref name="Factor"/>.</summary>
/// <param name="Factor">At least 1.</param>
public sealed record LinearScaling(double Factor) : RotaryScaling;

/// <summary>The base grows with the length of the sequence beyond <paramref name="OriginalLength"/> (dynamic NTK).</summary>
/// <param name="Factor">At least 1.</param>
/// <param name="OriginalLength">The trained length.</param>
public sealed record DynamicScaling(double Factor, int OriginalLength) : RotaryScaling;

/// <summary>Llama 3.1: low frequencies divided, high ones kept, those between blended.</summary>
/// <param name="Factor">Divisor of the low frequencies.</param>
/// <param name="LowFactor">low_freq_factor.</param>
/// <param name="HighFactor">high_freq_factor.</param>
/// <param name="OriginalLength">The trained length.</param>
public sealed record Llama3Scaling(double Factor, double LowFactor, double HighFactor, int OriginalLength) : RotaryScaling;

/// <summary>
/// LongRoPE: each frequency has a divisor of its own, another one where the sequence is longer than <paramref name="OriginalLength"/>; keys
/// that were computed for a shorter sequence are then of no use.
/// </summary>
/// <param name="ShortFactors">Dims/2 divisors up to the trained length; empty where <paramref name="StoredShort"/> has them.</param>
/// <param name="LongFactors">Dims/2 divisors beyond it; empty where <paramref name="StoredLong"/> has them.</param>
/// <param name="OriginalLength">The trained length.</param>
/// <param name="AttentionFactor">Factor on cos and sin, at any length.</param>
/// <param name="StoredShort">A stored tensor of divisors (GGUF <c>rope_factors_short.weight</c>).</param>
/// <param name="StoredLong">A stored tensor of divisors (GGUF <c>rope_factors_long.weight</c>).</param>
public sealed record LongRopeScaling(
    IReadOnlyList<double> ShortFactors, IReadOnlyList<double> LongFactors, int OriginalLength, double AttentionFactor, View? StoredShort = null,
    View? StoredLong = null) : RotaryScaling;

/// <summary>YaRN: a ramp between kept and divided frequencies, and a factor on cos and sin.</summary>
/// <param name="Factor">Divisor of the low frequencies.</param>
/// <param name="OriginalLength">The trained length.</param>
/// <param name="BetaFast">Where the ramp begins, in turns.</param>
/// <param name="BetaSlow">Where it ends, in turns.</param>
/// <param name="AttentionFactor">Factor on cos and sin.</param>
/// <param name="Truncate">Whether the ramp's ends are rounded to whole dimensions.</param>
public sealed record YarnScaling(
    double Factor, int OriginalLength, double BetaFast, double BetaSlow, double AttentionFactor, bool Truncate = true) : RotaryScaling;
