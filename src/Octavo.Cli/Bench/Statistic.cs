namespace Octavo.Cli.Bench;

/// <summary>What repeated measurements say together.</summary>
/// <param name="Median">The middle one, or the mean of the two in the middle.</param>
/// <param name="Min">The least.</param>
/// <param name="Max">The largest.</param>
/// <param name="Count">How many there are.</param>
internal sealed record Statistic(double Median, double Min, double Max, int Count)
{
    /// <summary>From least to largest, as a share of the median.</summary>
    public double Spread => (Max - Min) / Median;

    /// <param name="numbers">At least one.</param>
    public static Statistic Of(IEnumerable<double> numbers)
    {
        var sorted = numbers.Order().ToArray();
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Statistic(median, sorted[0], sorted[^1], sorted.Length);
    }
}
