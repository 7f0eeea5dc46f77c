using System.Globalization;
using System.Numerics;

namespace Octavo.Cli.Parity;

/// <summary>What comparing one output gave.</summary>
/// <param name="Name">The output.</param>
/// <param name="Error">The largest error, measured against its tolerance; for texts, how many cases differ.</param>
/// <param name="Allowed">The tolerance there.</param>
/// <param name="Compared">How many numbers or cases were compared.</param>
/// <param name="Holds">Whether all of them hold.</param>
/// <param name="Detail">Where and how the worst one differs, or what there is to say.</param>
internal sealed record OutputCheck(string Name, double Error, double Allowed, int Compared, bool Holds, string? Detail = null)
{
    /// <summary>Compares numbers; those of <paramref name="valid"/> only, where it is given.</summary>
    /// <param name="name">The output.</param>
    /// <param name="actual">What was computed.</param>
    /// <param name="expected">What the reference computed.</param>
    /// <param name="tolerance">How far they may be apart.</param>
    /// <param name="valid">By group of <paramref name="width"/> numbers, whether it counts.</param>
    /// <param name="width">Numbers of a group.</param>
    public static OutputCheck Numbers(
        string name, ReadOnlySpan<float> actual, ReadOnlySpan<float> expected, Tolerance tolerance, bool[]? valid = null, int width = 1)
    {
        if (actual.Length != expected.Length)
            return new OutputCheck(name, double.PositiveInfinity, 0, 0, false, $"{actual.Length} numbers instead of {expected.Length}");
        var (worst, worstAt, compared, holds) = (-1.0, 0, 0, true);
        for (var i = 0; i < expected.Length; i++)
        {
            if (valid is not null && !valid[i / width])
                continue;
            compared++;
            var isSame = actual[i].Equals(expected[i]);
            var error = isSame ? 0 : Math.Abs((double)actual[i] - expected[i]);
            var allowed = tolerance.At(expected[i]);
            // NaN and infinity are near nothing but themselves.
            var isNear = isSame || (float.IsFinite(expected[i]) && error <= allowed);
            holds &= isNear;
            var ratio = isSame ? 0 : error / allowed;
            if (!isNear && !(ratio > 1))
                ratio = double.PositiveInfinity;
            if (ratio > worst)
                (worst, worstAt) = (ratio, i);
        }
        if (compared == 0)
            return new OutputCheck(name, 0, 0, 0, false, "nothing was compared");
        var detail = holds ? null : string.Create(CultureInfo.InvariantCulture, $"number {worstAt}: {actual[worstAt]:R} instead of {expected[worstAt]:R}");
        return new OutputCheck(name, Math.Abs((double)actual[worstAt] - expected[worstAt]), tolerance.At(expected[worstAt]), compared, holds, detail);
    }

    /// <summary>Compares whole numbers, which have to be the same.</summary>
    public static OutputCheck Wholes<T>(string name, ReadOnlySpan<T> actual, ReadOnlySpan<T> expected)
        where T : struct, IBinaryInteger<T>
    {
        var different = Math.Abs(actual.Length - expected.Length);
        string? detail = different == 0 ? null : $"{actual.Length} numbers instead of {expected.Length}";
        for (var i = 0; i < Math.Min(actual.Length, expected.Length); i++)
        {
            if (actual[i] == expected[i])
                continue;
            different++;
            detail ??= string.Create(CultureInfo.InvariantCulture, $"number {i}: {actual[i]} instead of {expected[i]}");
        }
        return new OutputCheck(name, different, 0, expected.Length, different == 0, detail);
    }
}
