using Octavo.Evaluation.Charts;
using Octavo.Evaluation.Reports;

namespace Octavo.Training.Runs;

/// <summary>Several runs side by side on one page: their curves over each other, their newest metrics, the settings that differ.</summary>
internal static class RunComparisonPage
{
    /// <summary>The page.</summary>
    /// <param name="comparison">What was compared.</param>
    /// <param name="charts">Overlaid curves.</param>
    public static string Make(RunComparison comparison, IEnumerable<LineChart> charts)
    {
        var page = new ReportHtml("Runs: " + string.Join(", ", comparison.Labels));
        page.Head($"{comparison.Runs.Count} runs", null, string.Join(" · ", comparison.Runs.Select(run => run.Header.Id)));
        page.Section("Curves");
        page.Charts(charts);
        page.Section("Metrics");
        IReadOnlyList<string> headers = ["", .. comparison.Labels.Select(label => ">" + label)];
        page.Table(headers, Rows(comparison));
        page.Section("Settings that differ");
        page.Table(["setting", .. comparison.Labels],
            comparison.Differences.Select(row => (string[])[row.Name, .. row.Values.Select(value => value ?? "—")]));
        return page.End();
    }

    /// <summary>How each run stands, and the newest value of each metric; the lowest loss of an evaluation too.</summary>
    public static IEnumerable<IReadOnlyList<string>> Rows(RunComparison comparison)
    {
        var runs = comparison.Runs;
        yield return ["status", .. runs.Select(run => run.Header.Status.Name())];
        yield return ["steps", .. runs.Select(run => ChartNumber.Count(run.Last?.Step ?? 0))];
        yield return ["tokens", .. runs.Select(run => ChartNumber.Short(run.Last?.Tokens ?? 0))];
        yield return ["time", .. runs.Select(run => ChartNumber.Time(run.Worked))];
        foreach (var tag in comparison.Tags)
        {
            yield return [tag, .. runs.Select(run => run.Metric(tag) is { } metric ? RunReport.Value(tag, metric.Last.Value) : "—")];
            if (tag == RunTags.EvaluationLoss)
                yield return [tag + ", best", .. runs.Select(run => run.Metric(tag)?.Least is { } best ? Best(best) : "—")];
        }
    }

    private static string Best(RunPoint point) => $"{ChartNumber.Short(point.Value)} at {ChartNumber.Count(point.Step)}";
}
