namespace Octavo.Evaluation.Charts;

/// <summary>Exponential smoothing that starts without a pull towards zero.</summary>
internal static class Smoothing
{
    private const int PartsOfACurve = 60;
    private const double Most = 0.995;

    /// <summary>A weight that shows the course of a curve of that many points and not its noise.</summary>
    public static double WeightFor(int points) => Math.Clamp(1 - (PartsOfACurve / (double)Math.Max(points, 1)), 0, Most);

    /// <summary>The curve, smoothed: y = Σ wᵏ·yₖ / Σ wᵏ over the points so far. Gaps stay gaps and weigh nothing.</summary>
    /// <param name="points">In order.</param>
    /// <param name="weight">Of what came before, from 0 (as it is) to below 1.</param>
    public static IReadOnlyList<ChartPoint> Apply(IReadOnlyList<ChartPoint> points, double weight)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(weight);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(weight, 1);
        var smoothed = new ChartPoint[points.Count];
        var (sum, weights) = (0.0, 0.0);
        for (var i = 0; i < smoothed.Length; i++)
        {
            var (x, y) = points[i];
            if (!double.IsFinite(y))
            {
                smoothed[i] = new ChartPoint(x, double.NaN);
                continue;
            }
            (sum, weights) = ((weight * sum) + y, (weight * weights) + 1);
            smoothed[i] = new ChartPoint(x, sum / weights);
        }
        return smoothed;
    }
}
