using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Octavo.Core;
using Octavo.Evaluation.Reports;
using Octavo.Evaluation.Studies.Judging;

namespace Octavo.Evaluation.Studies.Reporting;

/// <summary>
/// What a study's rows come to: verdicts, tables, charts. A pure function of plan and rows, whatever order they were run in and however
/// often that was interrupted.
/// </summary>
internal sealed class StudyReport
{
    public const string PageName = "report.html", JsonName = "report.json", CsvName = "runs.csv";

    public StudyReport(StudyPlan plan, StudyRows rows)
    {
        Figures = new StudyFigures(plan, rows);
        Verdicts = [.. plan.Claims.Select(claim => StudyVerdict.Of(claim, Figures))];
        IReadOnlyList<StudyView> views = plan.Views.Count > 0 ? plan.Views : [.. plan.Metrics.Select(metric => Default(plan, metric))];
        Views = [.. views.Select(view => (view, (IReadOnlyList<ShownTable>)[.. ShownTable.Of(view, Figures)]))];
        Written = [.. Figures.Cells.Select(cell => rows[cell]).OfType<StudyRow>()];
        Mark = MarkOf(plan, Written);
    }

    public StudyPlan Plan => Figures.Plan;

    public StudyFigures Figures { get; }

    public IReadOnlyList<StudyVerdict> Verdicts { get; }

    public IReadOnlyList<(StudyView View, IReadOnlyList<ShownTable> Tables)> Views { get; }

    /// <summary>Rows in the plan's order.</summary>
    public IReadOnlyList<StudyRow> Written { get; }

    /// <summary>A number of everything in the rows that does not hang on a clock: the same when the same study is run again.</summary>
    public string Mark { get; }

    public IEnumerable<StudyRow> Failed => Written.Where(row => row.Result.Failure is not null);

    public int Missing => Figures.Cells.Count - Written.Count;

    /// <summary>Writes page, table and figures beside the rows.</summary>
    /// <param name="folder">The study's.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="rows">Its rows.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="ConfigException">The folder cannot be written to.</exception>
    /// <exception cref="ResourceException">The disk is full or fails.</exception>
    public static StudyReport Write(string folder, StudyPlan plan, StudyRows rows)
    {
        var report = new StudyReport(plan, rows);
        ReportFiles.Keep(Path.Combine(folder, CsvName), StudyCsv.Make(report));
        ReportFiles.KeepJson(Path.Combine(folder, JsonName), json => StudyReportJson.Write(json, report));
        ReportFiles.Keep(Path.Combine(folder, PageName), StudyPage.Make(report));
        return report;
    }

    // the last factor mostly runs fastest and reads best from left to right
    private static StudyTable Default(StudyPlan plan, StudyMetric metric)
    {
        var names = plan.Factors.Select(factor => factor.Name).ToList();
        return names.Count == 1 ? new StudyTable(metric.Name, metric.Name, names) : new StudyTable(metric.Name, metric.Name, names[..^1], names[^1]);
    }

    private static string MarkOf(StudyPlan plan, IEnumerable<StudyRow> rows)
    {
        var text = new StringBuilder().AppendJoin('\n', plan.Meaning()).Append('\n');
        foreach (var row in rows)
        {
            text.Append(row.Cell.Key);
            foreach (var metric in plan.Metrics.Where(metric => metric.IsRepeatable))
            {
                IReadOnlyList<double> values = row.Result.Samples.GetValueOrDefault(metric.Name) ?? [row[metric.Name]];
                text.Append('|').Append(metric.Name).Append('=').AppendJoin(' ', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
            }
            text.Append('|').Append(row.Result.Failure).Append('\n');
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }
}
