using Octavo.Core;

namespace Octavo.Evaluation.Metrics;

/// <summary>An interval that covers the true value in 95 of 100 repetitions.</summary>
internal readonly record struct Interval(double Low, double High)
{
    private const double Z = 1.959963984540054;

    /// <summary>Wilson's score interval of a share; it stays within 0 and 1, also where all or none hold.</summary>
    /// <param name="hits">How many hold.</param>
    /// <param name="count">Out of how many, at least 1.</param>
    public static Interval Wilson(double hits, int count)
    {
        var (share, z2) = (hits / count, Z * Z);
        var scale = 1 + (z2 / count);
        var middle = (share + (z2 / (2.0 * count))) / scale;
        var half = Z / scale * Math.Sqrt((share * (1 - share) / count) + (z2 / (4.0 * count * count)));
        return new Interval(Math.Max(0, middle - half), Math.Min(1, middle + half));
    }

    /// <summary>The percentile bootstrap of a ratio of sums.</summary>
    /// <param name="values">By sample.</param>
    /// <param name="weights">By sample; the figure is the sum of values divided by theirs.</param>
    /// <param name="seed">Seeds the resampling.</param>
    public static Interval Bootstrap(IReadOnlyList<double> values, IReadOnlyList<double> weights, ulong seed)
    {
        var random = new SeededRandom(seed);
        return Metrics.Bootstrap.Percentile(() =>
        {
            var (sum, weight) = (0.0, 0.0);
            for (var draw = 0; draw < values.Count; draw++)
            {
                var at = random.Next(values.Count);
                sum += values[at];
                weight += weights[at];
            }
            return sum / weight;
        });
    }

    /// <summary>No interval.</summary>
    public static Interval None { get; } = new(double.NaN, double.NaN);

    public double Width => High - Low;

    /// <summary>The least interval that holds both; one of them that is none is left out.</summary>
    public Interval With(Interval other) =>
        double.IsNaN(Low) ? other : double.IsNaN(other.Low) ? this : new Interval(Math.Min(Low, other.Low), Math.Max(High, other.High));
}
