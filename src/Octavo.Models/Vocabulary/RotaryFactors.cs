
namespace Octavo.Models;

/// <summary>Divisors of the rotary frequencies, Dims/2 of them: up to the trained length, and beyond it. Empty where there are none.</summary>
/// <param name="Within">Up to the trained length.</param>
/// <param name="Beyond">Beyond it.</param>
public sealed record RotaryFactors(float[] Within, float[] Beyond)
{
    /// <summary>Reads what a description names.</summary>
    /// <param name="rotary">The description.</param>
    /// <param name="read">Reads a stored tensor as fp32.</param>
    public static RotaryFactors Of(Rotary rotary, Func<View, float[]> read)
    {
        if (rotary.Scaling is LongRopeScaling scaling)
        {
            return new(
                scaling.StoredShort is null ? [.. scaling.ShortFactors.Select(factor => (float)factor)] : read(scaling.StoredShort),
                scaling.StoredLong is null ? [.. scaling.LongFactors.Select(factor => (float)factor)] : read(scaling.StoredLong));
        }
        float[] factors = rotary.Factors is null ? [] : read(rotary.Factors);
        return new(factors, factors);
    }

    /// <summary>Those for a sequence of this length.</summary>
    /// <param name="rotary">The description.</param>
    /// <param name="sequenceLength">The longest position plus one.</param>
    public float[] For(Rotary rotary, int sequenceLength) =>
        rotary.Scaling is LongRopeScaling scaling && sequenceLength > scaling.OriginalLength ? Beyond : Within;
}
