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

/// <summary>YaRN: a ramp between kept and divided frequencies, and a factor on cos and sin.</summary>
/// <param name="Factor">Divisor of the low frequencies.</param>
/// <param name="OriginalLength">The trained length.</param>
/// <param name="BetaFast">Where the ramp begins, in turns.</param>
/// <param name="BetaSlow">Where it ends, in turns.</param>
/// <param name="AttentionFactor">Factor on cos and sin.</param>
/// <param name="Truncate">Whether the ramp's ends are rounded to whole dimensions.</param>
public sealed record YarnScaling(
    double Factor, int OriginalLength, double BetaFast, double BetaSlow, double AttentionFactor, bool Truncate = true) : RotaryScaling;
