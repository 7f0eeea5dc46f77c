using Octavo.Evaluation.Charts;

namespace Octavo.Evaluation.Studies.Reporting;

/// <summary>Draws views that are charts.</summary>
internal static class StudyCharts
{
    /// <summary>The chart of a view; null where it is a table.</summary>
    public static Chart? Of(ShownTable table, StudyPlan plan) => table.View switch
    {
        StudyCurves curves => Curves(table, plan.Metric(curves.Metric), curves),
        StudyPareto pareto => Pareto(table, plan.Metric(pareto.Across), plan.Metric(pareto.Upwards)),
        _ => null,
    };

    /// <summary>Which points no other one is at least as good as in both and better in one.</summary>
    /// <param name="points">Finite numbers.</param>
    /// <param name="across">Which way is better to the right.</param>
    /// <param name="upwards">Which way is better upwards.</param>
    public static IReadOnlyList<bool> Front(IReadOnlyList<(double X, double Y)> points, Better across, Better upwards)
    {
        var (x, y) = (Sign(across), Sign(upwards));
        return [.. points.Select(point => !points.Any(other => Beats(other, point)))];

        bool Beats((double X, double Y) other, (double X, double Y) point) =>
            x * other.X >= x * point.X && y * other.Y >= y * point.Y && (x * other.X > x * point.X || y * other.Y > y * point.Y);

        static int Sign(Better better) => better == Better.Lower ? -1 : 1;
    }

    private static LineChart Curves(ShownTable table, StudyMetric metric, StudyCurves view)
    {
        List<ChartSeries> series = [];
        foreach (var row in table.Rows)
        {
            var shown = row.Figures.Select((figure, i) => (Figure: figure, At: i)).Where(one => one.Figure is { Off: null } figure && double.IsFinite(figure.Value)).ToList();
            if (shown.Count == 0)
                continue;
            series.Add(new ChartSeries(row.Name, [.. shown.Select(one => new ChartPoint(one.At, one.Figure!.Value))], SeriesStyle.Dots, series.Count)
            {
                Band = [.. shown.Select(one => (one.Figure!.Interval.Low, one.Figure.Interval.High))],
            });
        }
        var chances = Enumerable.Range(0, table.Columns.Count).Select(i => table.Rows.Select(row => row.Chances[i]).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average())
            .Select((chance, i) => new ChartPoint(i, chance)).Where(point => double.IsFinite(point.Y)).ToList();
        if (chances.Count > 0)
            series.Add(new ChartSeries("guessing", chances) { IsReference = true });
        return new LineChart
        {
            Title = table.Title,
            Series = series,
            XName = view.Along,
            XNames = [.. table.Columns.Select(column => column.Name)],
            Format = FigureText.Axis(metric),
            Shown = metric.IsShare ? [0, 1] : [],
            IsLog = !metric.IsShare && IsWide(series.Where(one => !one.IsReference).SelectMany(one => one.Points).Select(point => point.Y)),
            Height = 340,
        };
    }

    private static ScatterChart Pareto(ShownTable table, StudyMetric across, StudyMetric upwards)
    {
        var rows = table.Rows.Where(row => row.Figures[0] is { Off: null } x && row.Figures[1] is { Off: null } y && double.IsFinite(x.Value) && double.IsFinite(y.Value)).ToList();
        var front = Front([.. rows.Select(row => (row.Figures[0]!.Value, row.Figures[1]!.Value))], across.Better, upwards.Better);
        // one colour for what begins with the same value, such as a method at several budgets
        var families = rows.Select(row => row.Heads.FirstOrDefault("")).Distinct().ToList();
        return new ScatterChart
        {
            Title = table.Title,
            Points =
            [
                .. rows.Select((row, i) => new NamedPoint(
                    row.Name, row.Figures[0]!.Value, row.Figures[1]!.Value, row.Figures[1]!.Interval.Low, row.Figures[1]!.Interval.High,
                    families.IndexOf(row.Heads.FirstOrDefault("")), front[i])),
            ],
            XName = FigureText.Name(across),
            YName = FigureText.Name(upwards),
            XFormat = FigureText.Axis(across),
            Format = FigureText.Axis(upwards),
            IsLog = !upwards.IsShare && IsWide(rows.Select(row => row.Figures[1]!.Value)),
            Width = 960,
            Height = 480,
        };
    }

    private static bool IsWide(IEnumerable<double> values)
    {
        var all = values.ToList();
        return all.Count > 0 && all.Min() > 0 && all.Max() / all.Min() >= ScatterChart.Wide;
    }
}
