namespace Octavo.Evaluation.Metrics;

/// <summary>The percentile bootstrap: what a statistic would be in other draws of the same samples.</summary>
internal static class Bootstrap
{
    /// <summary>Draws of every interval.</summary>
    public const int Resamples = 2000;

    private const double Tail = 0.025;

    /// <summary>The middle 95 % of a statistic over resamples.</summary>
    /// <param name="resampled">Draws samples anew and gives their statistic.</param>
    /// <param name="resamples">How often.</param>
    public static Interval Percentile(Func<double> resampled, int resamples = Resamples)
    {
        var statistics = new double[resamples];
        for (var i = 0; i < resamples; i++)
            statistics[i] = resampled();
        Array.Sort(statistics);
        return new Interval(Quantile(statistics, Tail), Quantile(statistics, 1 - Tail));
    }

    /// <summary>The mean of as many samples as there are, drawn with replacement.</summary>
    /// <param name="values">At least one.</param>
    /// <param name="draw">A whole number below its argument.</param>
    public static double Mean(IReadOnlyList<double> values, Func<int, int> draw)
    {
        var sum = 0.0;
        for (var i = 0; i < values.Count; i++)
            sum += values[draw(values.Count)];
        return sum / values.Count;
    }

    /// <summary>A quantile, interpolated between the two values beside it.</summary>
    /// <param name="sorted">Rising, at least one.</param>
    /// <param name="share">0 the least, 1 the most.</param>
    public static double Quantile(IReadOnlyList<double> sorted, double share)
    {
        var place = share * (sorted.Count - 1);
        var below = (int)Math.Floor(place);
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
