namespace Octavo.Bench.Peers;

/// <summary>The middle of several numbers and how far they reach.</summary>
internal sealed record Statistic(double Median, double Min, double Max, int Count)
{
    /// <summary>Null where there are no numbers.</summary>
    public static Statistic? Of(IEnumerable<double> numbers)
    {
        var sorted = numbers.Order().ToArray();
        return sorted.Length == 0 ? null : new(Middle(sorted), sorted[0], sorted[^1], sorted.Length);
    }

    private static double Middle(double[] sorted)
    {
        var half = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
