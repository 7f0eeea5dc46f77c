using Octavo.Evaluation.Running;
using Octavo.Evaluation.Tasks;

namespace Octavo.Evaluation.Metrics;

/// <summary>One figure of a report.</summary>
/// <param name="Name">The metric.</param>
/// <param name="Value">The share, or the weighted mean.</param>
/// <param name="Interval">95 %.</param>
/// <param name="Count">Samples.</param>
internal sealed record MetricFigure(string Name, double Value, Interval Interval, int Count)
{
    /// <summary>Computes a metric over the samples that were given it.</summary>
    /// <param name="metric">Which one.</param>
    /// <param name="records">At least one.</param>
    /// <param name="seed">Seeds a bootstrap.</param>
    public static MetricFigure Of(MetricSpec metric, IReadOnlyList<SampleRecord> records, ulong seed)
    {
        var values = records.Select(record => record.Scores[metric.Name]).ToList();
        if (metric.IsRate)
            return new MetricFigure(metric.Name, values.Average(), Interval.Wilson(values.Sum(), values.Count), values.Count);
        var weights = records.Select(record => record.Weight).ToList();
        return new MetricFigure(metric.Name, values.Sum() / weights.Sum(), Interval.Bootstrap(values, weights, seed), values.Count);
    }
}
