using Octavo.Evaluation.Studies.Judging;

namespace Octavo.Evaluation.Studies.Reporting;

/// <summary>A view's figures: what a table shows and what a chart is drawn from.</summary>
/// <param name="View">Which view.</param>
/// <param name="Part">The value that the view is repeated for; null where it is not.</param>
/// <param name="Columns">A name and a metric each.</param>
/// <param name="Rows">The rows.</param>
internal sealed record ShownTable(StudyView View, string? Part, IReadOnlyList<ShownColumn> Columns, IReadOnlyList<ShownRow> Rows)
{
    /// <summary>Its heading where it stands alone.</summary>
    public string Title => Part is null ? View.Title : $"{View.Title}: {Part}";

    /// <summary>A view's tables: one, or one for each value of the factor that it is repeated for.</summary>
    public static IEnumerable<ShownTable> Of(StudyView view, StudyFigures figures)
    {
        var cells = figures.Cells.Where(view.Cells.Has).ToList();
        if (view.Each is not { } each)
            return [Of(view, null, cells, figures)];
        var factor = figures.Plan.Factors.First(factor => factor.Name == each);
        return factor.Values.Select(value => (Value: value, Cells: cells.Where(cell => cell[each] == value).ToList())).Where(part => part.Cells.Count > 0)
            .Select(part => Of(view, part.Value, part.Cells, figures));
    }

    private static ShownTable Of(StudyView view, string? part, List<StudyCell> cells, StudyFigures figures)
    {
        var plan = figures.Plan;
        var (rows, along) = view switch
        {
            StudyTable table => (table.Rows, table.Columns),
            StudyCurves curves => (curves.Lines, curves.Along),
            _ => (view.Factors, null),
        };
        List<ShownColumn> columns = along is null
            ? [.. view.Metrics.Select(name => new ShownColumn(FigureText.Name(plan.Metric(name)), plan.Metric(name)))]
            : [.. Values(plan, along).Where(value => cells.Any(cell => cell[along] == value)).Select(value => new ShownColumn(value, plan.Metric(view.Metrics[0])))];
        return new ShownTable(view, part, columns, [.. Grouped(plan, cells, rows).Select(group => Row(group, rows, along, columns, figures))]);
    }

    private static ShownRow Row(List<StudyCell> cells, IReadOnlyList<string> rows, string? along, List<ShownColumn> columns, StudyFigures figures)
    {
        List<StudyFigure?> shown = [];
        List<double> chances = [];
        foreach (var column in columns)
        {
            var own = along is null ? cells : [.. cells.Where(cell => cell[along] == column.Name)];
            shown.Add(own.Count > 0 ? figures.Mean(column.Metric, own) : null);
            chances.Add(own.Count > 0 && column.Metric.Chance is { } chance ? figures.Mean(figures.Plan.Metric(chance), own).Value : double.NaN);
        }
        return new ShownRow([.. rows.Select(factor => cells[0][factor])], shown, chances);
    }

    // in the order of the values of the first factor, then the next
    private static IEnumerable<List<StudyCell>> Grouped(StudyPlan plan, List<StudyCell> cells, IReadOnlyList<string> factors)
    {
        var places = factors.Select(factor => Values(plan, factor).ToList()).ToList();
        var ordered = cells.GroupBy(cell => cell.Part(factors)).Select(group => group.ToList()).OrderBy(_ => 0);
        for (var i = 0; i < factors.Count; i++)
        {
            var at = i;
            ordered = ordered.ThenBy(group => places[at].IndexOf(group[0][factors[at]]));
        }
        return ordered;
    }

    private static IReadOnlyList<string> Values(StudyPlan plan, string factor) => plan.Factors.First(one => one.Name == factor).Values;
}

/// <summary>A column of figures.</summary>
internal sealed record ShownColumn(string Name, StudyMetric Metric);

/// <summary>A row of figures.</summary>
/// <param name="Heads">A value of each factor that names rows.</param>
/// <param name="Figures">By column; null where the plan has no such cell.</param>
/// <param name="Chances">By column what guessing reaches; no number where that is no question.</param>
internal sealed record ShownRow(IReadOnlyList<string> Heads, IReadOnlyList<StudyFigure?> Figures, IReadOnlyList<double> Chances)
{
    /// <summary>All heads in one text.</summary>
    public string Name => Heads.Count == 0 ? "all" : string.Join(" ", Heads);
}
