using Octavo.Evaluation.Charts;

namespace Octavo.Training.Runs;

/// <summary>Charts of a run's metrics.</summary>
internal static class RunCurves
{
    private static readonly string[] _known =
        [RunTags.Loss, RunTags.EvaluationLoss, RunTags.LearningRate, RunTags.GradientNorm, RunTags.TokensPerSecond, RunTags.Memory];

    /// <summary>Orders names of metrics: those that reports know first, then by the alphabet.</summary>
    public static IComparer<string> Order { get; } = Comparer<string>.Create((a, b) => Key(a).CompareTo(Key(b)));

    /// <summary>Loss and evaluation in one chart, then each other metric in its own.</summary>
    /// <param name="run">The run.</param>
    /// <param name="isLog">Losses and norms on logarithmic axes.</param>
    public static IReadOnlyList<LineChart> Of(RunReader run, bool isLog)
    {
        var tags = run.Tags();
        List<LineChart> charts = [];
        List<ChartSeries> losses = [];
        if (tags.Contains(RunTags.Loss))
            losses.AddRange(WithSmoothed(RunTags.Loss, Points(run, RunTags.Loss), 0, null));
        if (tags.Contains(RunTags.EvaluationLoss))
            losses.Add(new ChartSeries(RunTags.EvaluationLoss, Points(run, RunTags.EvaluationLoss), SeriesStyle.Dots, 1));
        if (losses.Count > 0)
            charts.Add(Chart("loss", losses, isLog, RunTags.Loss));
        foreach (var tag in tags.Except([RunTags.Loss, RunTags.EvaluationLoss]).Order(Order))
        {
            // a schedule is exact, and memory has steps: neither is noise
            IEnumerable<ChartSeries> series = tag is RunTags.LearningRate or RunTags.Memory
                ? [new ChartSeries(tag, Points(run, tag))]
                : WithSmoothed(tag, Points(run, tag), 0, null);
            charts.Add(Chart(tag, [.. series], isLog && tag == RunTags.GradientNorm, tag));
        }
        return charts;
    }

    /// <summary>One metric of several runs in one chart.</summary>
    /// <param name="tag">The metric.</param>
    /// <param name="runs">Names and curves; those without points are left out.</param>
    /// <param name="smoothing">The weight of what came before; null chooses one.</param>
    /// <param name="isLog">A logarithmic axis.</param>
    public static LineChart Overlay(
        string tag, IReadOnlyList<(string Name, IReadOnlyList<ChartPoint> Points)> runs, double? smoothing, bool isLog)
    {
        var series = runs.Select((run, i) => (run, i)).Where(pair => pair.run.Points.Count > 0)
            .SelectMany(pair => WithSmoothed(pair.run.Name, pair.run.Points, pair.i, smoothing));
        return Chart(tag, [.. series], isLog, tag);
    }

    public static IReadOnlyList<ChartPoint> Points(RunReader run, string tag) =>
        [.. run.Series(tag).Select(point => new ChartPoint(point.Step, point.Value))];

    /// <summary>The curve as it is, pale, below its smoothed form; few points are not smoothed.</summary>
    private static List<ChartSeries> WithSmoothed(string name, IReadOnlyList<ChartPoint> points, int color, double? smoothing)
    {
        var weight = smoothing ?? Smoothing.WeightFor(points.Count);
        return weight == 0
            ? [new ChartSeries(name, points, SeriesStyle.Line, color)]
            :
            [
                new ChartSeries(name, points, SeriesStyle.Faint, color),
                new ChartSeries(name, Smoothing.Apply(points, weight), SeriesStyle.Line, color),
            ];
    }

    private static LineChart Chart(string title, IReadOnlyList<ChartSeries> series, bool isLog, string tag) => new()
    {
        Title = title,
        Series = series,
        IsLog = isLog,
        Format = tag == RunTags.Memory ? ChartNumber.Bytes : ChartNumber.Tick,
    };

    private static (int, string) Key(string tag) => Array.IndexOf(_known, tag) is >= 0 and var place ? (place, "") : (_known.Length, tag);
}
