using Octavo.Evaluation.Charts;
using Octavo.Evaluation.Reports;
using Octavo.Evaluation.Studies.Judging;

namespace Octavo.Evaluation.Studies.Reporting;

/// <summary>The page of a study: verdicts, tables and charts, failures, where it came from.</summary>
internal static class StudyPage
{
    private const string How =
        "Intervals are 95 %. Of a share: Wilson's over all samples, and with several seeds the bootstrap over seeds, the wider at each end. Of other figures the bootstrap over "
        + "seeds, or over samples where there is one seed. Of a claim: the bootstrap over seeds and over the samples within, paired wherever cells are about the same samples, "
        + "and of shares at least as wide as the Wilson intervals of its parts make it. An effect whose interval is wider than half of it, or than half of the smallest size that counts, is inconclusive.";

    /// <summary>The page's text.</summary>
    public static string Make(StudyReport report)
    {
        var plan = report.Plan;
        var page = new ReportHtml($"{Heading(plan)}: report");
        page.Head(Heading(plan), null,
            $"study {plan.Name} · {ChartNumber.Count(report.Written.Count)} of {ChartNumber.Count(report.Figures.Cells.Count)} cells · {plan.Seeds.Count} {(plan.Seeds.Count == 1 ? "seed" : "seeds")} · figures {report.Mark}");
        foreach (var paragraph in plan.About)
            page.Paragraph(paragraph);
        foreach (var warning in Warnings(report))
            page.Warning(warning);
        WriteClaims(page, report);
        foreach (var (view, tables) in report.Views)
            WriteView(page, view, tables, plan);
        WriteFailures(page, report);
        WriteOff(page, report);
        WriteOrigin(page, report);
        return page.End();
    }

    private static string Heading(StudyPlan plan) => plan.Title.Length > 0 ? plan.Title : plan.Name;

    private static IEnumerable<string> Warnings(StudyReport report)
    {
        if (report.Missing > 0)
            yield return $"{ChartNumber.Count(report.Missing)} of {ChartNumber.Count(report.Figures.Cells.Count)} cells were not run yet: figures are of what is there.";
        if (report.Failed.Any())
            yield return $"{ChartNumber.Count(report.Failed.Count())} cells failed; the reasons are below.";
        if (!report.Figures.Rows.AreClaimsOfTheBeginning)
            yield return "What is claimed was changed after the first row had been written.";
        var commits = report.Written.Select(row => row.Origin.Commit).Distinct().Count();
        if (commits > 1)
            yield return $"The rows come from {commits} states of the sources.";
    }

    private static void WriteClaims(ReportHtml page, StudyReport report)
    {
        if (report.Verdicts.Count == 0)
            return;
        page.Section("Claims");
        page.Table(["", "claim", "rule, fixed beforehand", ">figure", "verdict"], report.Verdicts.Select(verdict =>
        {
            var (metric, figure) = (report.Plan.Metric(verdict.Claim.Metric), verdict.Figure);
            var kind = verdict.Outcome switch { Outcome.Holds => "good", Outcome.DoesNotHold => "bad", _ => "open" };
            return (ReportCell[])
            [
                new(verdict.Claim.Name, Kind: "k"), new(verdict.Claim.Sentence, string.Join("; ", verdict.Claim.Terms.Select(Text))),
                new($"{metric.Name} {verdict.Claim.Rule(metric)}"),
                new(FigureText.Of(verdict.Claim, metric, figure.Value), Under(metric, figure)),
                new(StudyVerdict.Name(verdict.Outcome), verdict.Reason, kind),
            ];
        }));

        static string Text(StudyTerm term) =>
            $"{(term.Weight < 0 ? "minus " : "")}{(Math.Abs(term.Weight) == 1 ? "" : ChartNumber.Tick(Math.Abs(term.Weight)) + " × ")}{term.Cells}";
    }

    private static void WriteView(ReportHtml page, StudyView view, IReadOnlyList<ShownTable> tables, StudyPlan plan)
    {
        page.Section(view.Title);
        if (view.Note.Length > 0)
            page.Paragraph(view.Note);
        var charts = tables.Select(table => StudyCharts.Of(table, plan)).OfType<Chart>().ToList();
        if (charts.Count > 0)
            page.Charts(charts, view is StudyPareto ? ChartLayout.Broad : ChartLayout.Even);
        else
        {
            foreach (var table in tables)
                WriteTable(page, table);
        }
        if (view is StudyPareto)
            page.Note("Filled points, joined: no other one is at least as good in both and better in one. Lines through points are 95 % intervals.");
        var figures = tables.SelectMany(table => table.Rows).SelectMany(row => row.Figures).OfType<StudyFigure>().ToList();
        if (charts.Count == 0 && figures.Any(figure => Gaps(figure).Any()))
            page.Note("* Not of all its cells: some were not run or failed.");
        if (figures.Any(figure => figure.Off is not null))
            page.Note(charts.Count > 0 ? "What does not count is not drawn; the reasons are below." : "Grey figures do not count; the reasons are below.");
    }

    private static void WriteTable(ReportHtml page, ShownTable table)
    {
        if (table.Part is { } part)
            page.Subsection(part);
        var heads = table.View is StudyTable shown ? shown.Rows : table.View.Factors;
        var hasChance = table.View is StudyTable && table.Columns.Any(column => column.Metric.Chance is not null);
        var along = table.View is StudyTable { Columns: { } name } ? $"{name} " : "";
        page.Table(
            [.. heads, .. hasChance ? (string[])[">guessing"] : [], .. table.Columns.Select(column => $">{along}{column.Name}")],
            table.Rows.Select(row => (IEnumerable<ReportCell>)
            [
                .. row.Heads.Select(head => new ReportCell(head)), .. hasChance ? (ReportCell[])[Chance(row, table.Columns[0].Metric)] : [],
                .. row.Figures.Select((figure, i) => Cell(figure, table.Columns[i].Metric, hasChance ? double.NaN : row.Chances[i])),
            ]));
    }

    private static ReportCell Chance(ShownRow row, StudyMetric metric)
    {
        var chances = row.Chances.Where(double.IsFinite).Select(chance => FigureText.Of(metric, chance)).Distinct().ToList();
        return new ReportCell(string.Join(", ", chances));
    }

    private static ReportCell Cell(StudyFigure? figure, StudyMetric metric, double chance)
    {
        if (figure is null)
            return new ReportCell("");
        var tip = string.Join("; ", Gaps(figure).Prepend(figure.Off ?? "").Where(text => text.Length > 0));
        if (double.IsNaN(figure.Value))
            return figure.Failures.Count > 0 ? new ReportCell("failed", "", "failed", tip) : new ReportCell("—", "", "off", tip);
        var under = string.Join(" · ", new[] { Under(metric, figure), double.IsNaN(chance) ? "" : $"guessing {FigureText.Of(metric, chance)}" }.Where(text => text.Length > 0));
        return new ReportCell(FigureText.InColumn(metric, figure.Value) + (Gaps(figure).Any() ? " *" : ""), under, figure.Off is null ? "" : "off", tip);
    }

    private static IEnumerable<string> Gaps(StudyFigure figure)
    {
        if (figure.Missing > 0)
            yield return $"{figure.Missing} of {figure.Planned} cells were not run";
        if (figure.Failures.Count > 0)
            yield return $"{figure.Failures.Count} of {figure.Planned} cells failed: {figure.Failures[0]}";
    }

    private static string Under(StudyMetric metric, StudyFigure figure) => FigureText.Range(metric, figure.Interval);

    private static void WriteFailures(ReportHtml page, StudyReport report)
    {
        if (!report.Failed.Any())
            return;
        page.Section("Cells that failed");
        page.Table(["why", ">cells", "such as"], report.Failed.GroupBy(row => row.Result.Failure!)
            .Select(group => (string[])[group.Key, ChartNumber.Count(group.Count()), group.First().Cell.Key]));
    }

    private static void WriteOff(ReportHtml page, StudyReport report)
    {
        var off = report.Figures.Cells.Select(cell => (Cell: cell, Why: report.Figures.Off(cell))).Where(one => one.Why is not null).ToList();
        if (off.Count == 0)
            return;
        page.Section("Cells that do not count");
        page.Table(["why", ">cells", "such as"], off.GroupBy(one => one.Why!)
            .Select(group => (string[])[group.Key, ChartNumber.Count(group.Count()), group.First().Cell.Key]));
    }

    private static void WriteOrigin(ReportHtml page, StudyReport report)
    {
        page.Section("Where this comes from");
        page.Facts(report.Plan.Settings);
        page.Table(["commit", "machine", "command", ">cells", ">time"], report.Written.GroupBy(row => row.Origin).Select(group => (string[])
        [
            group.Key.Commit, group.Key.Machine, group.Key.Command, ChartNumber.Count(group.Count()), ChartNumber.Time(TimeSpan.FromSeconds(group.Sum(row => row.Seconds))),
        ]));
        page.Note(How);
        page.Links([StudyLog.FileName, StudyReport.CsvName, StudyReport.JsonName]);
    }
}
