using System.Globalization;
using System.Text;
using Octavo.Evaluation.Reports;

namespace Octavo.Evaluation.Studies.Reporting;

/// <summary>The rows for spreadsheets: a line for each cell that was run, its samples counted.</summary>
internal static class StudyCsv
{
    public static string Make(StudyReport report)
    {
        var plan = report.Plan;
        var csv = new StringBuilder();
        Line(csv, [.. plan.Factors.Select(factor => factor.Name), "seed", .. plan.Metrics.Select(metric => metric.Name), "samples", "seconds", "counts", "failure", "commit", "machine", "command"]);
        foreach (var row in report.Written)
        {
            var samples = row.Result.Samples.Values.Select(values => values.Count).DefaultIfEmpty(0).Max();
            Line(csv,
            [
                .. row.Cell.Values, row.Cell.Seed.ToString(CultureInfo.InvariantCulture), .. plan.Metrics.Select(metric => Number(row[metric.Name])),
                samples.ToString(CultureInfo.InvariantCulture), Number(row.Seconds), report.Figures.Off(row.Cell) ?? "yes", row.Result.Failure ?? "",
                row.Origin.Commit, row.Origin.Machine, row.Origin.Command,
            ]);
        }
        return csv.ToString();
    }

    private static void Line(StringBuilder csv, IEnumerable<string> fields) => csv.AppendJoin(',', fields.Select(CsvText.Quoted)).Append('\n');

    private static string Number(double value) => double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);
}
