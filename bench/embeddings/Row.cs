namespace Octavo.Bench.Embeddings;

/// <summary>One contender.</summary>
/// <param name="Contender">Whose figures these are.</param>
/// <param name="Threads">On how many threads.</param>
internal sealed record Row(string Contender, int Threads)
{
    /// <summary>Sentences a second, round by round.</summary>
    public required double[] Rates { get; init; }

    /// <summary>Sentences a second of the program's processor time, all threads together.</summary>
    public required double[] RatesByProcessorTime { get; init; }

    /// <summary>How many times faster Octavo was, round by round; empty for Octavo.</summary>
    public required double[] Ratios { get; init; }

    public required double[] RatiosByProcessorTime { get; init; }
}

/// <summary>The middle of several numbers, and between which the middle half of them lies.</summary>
internal readonly record struct Spread(double Median, double Low, double High)
{
    public static Spread Of(double[] numbers)
    {
        var sorted = numbers.Order().ToArray();
        return new(At(sorted, 0.5), At(sorted, 0.25), At(sorted, 0.75));
    }

    private static double At(double[] sorted, double part)
    {
        var place = part * (sorted.Length - 1);
        var low = (int)place;
        return sorted[low] + (place - low) * (sorted[Math.Min(low + 1, sorted.Length - 1)] - sorted[low]);
    }
}
