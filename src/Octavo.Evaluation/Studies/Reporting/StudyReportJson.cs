using System.Text.Json;
using Octavo.Evaluation.Studies.Judging;

namespace Octavo.Evaluation.Studies.Reporting;

/// <summary>The report for programs. What is no number is null.</summary>
internal static class StudyReportJson
{
    public static void Write(Utf8JsonWriter json, StudyReport report)
    {
        json.WriteString("study", report.Plan.Name);
        json.WriteNumber("cells", report.Figures.Cells.Count);
        json.WriteNumber("missing", report.Missing);
        json.WriteNumber("failed", report.Failed.Count());
        json.WriteString("mark", report.Mark);
        json.WriteBoolean("claims_of_the_beginning", report.Figures.Rows.AreClaimsOfTheBeginning);
        json.WriteStartArray("claims");
        foreach (var verdict in report.Verdicts)
            Write(json, verdict, report.Plan);
        json.WriteEndArray();
        json.WriteStartArray("views");
        foreach (var table in report.Views.SelectMany(view => view.Tables))
            Write(json, table, report.Plan);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, StudyVerdict verdict, StudyPlan plan)
    {
        json.WriteStartObject();
        json.WriteString("name", verdict.Claim.Name);
        json.WriteString("claim", verdict.Claim.Sentence);
        json.WriteString("metric", verdict.Claim.Metric);
        json.WriteString("rule", verdict.Claim.Rule(plan.Metric(verdict.Claim.Metric)));
        json.WriteString("verdict", StudyVerdict.Name(verdict.Outcome));
        json.WriteString("reason", verdict.Reason);
        WriteFigure(json, verdict.Figure);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ShownTable table, StudyPlan plan)
    {
        var factors = table.View switch { StudyTable shown => shown.Rows, StudyCurves shown => shown.Lines, _ => table.View.Factors };
        json.WriteStartObject();
        json.WriteString("title", table.Title);
        json.WriteStartArray("rows");
        foreach (var row in table.Rows)
        {
            json.WriteStartObject();
            foreach (var (factor, value) in factors.Zip(row.Heads))
                json.WriteString(factor, value);
            json.WriteStartArray("figures");
            for (var i = 0; i < table.Columns.Count; i++)
            {
                if (row.Figures[i] is not { } figure)
                    continue;
                json.WriteStartObject();
                json.WriteString("column", table.Columns[i].Name);
                json.WriteString("metric", table.Columns[i].Metric.Name);
                json.WriteString("unit", table.Columns[i].Metric.Unit);
                WriteFigure(json, figure);
                if (table.Columns[i].Metric.Chance is not null)
                    WriteNumber(json, "chance", row.Chances[i]);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteFigure(Utf8JsonWriter json, StudyFigure figure)
    {
        WriteNumber(json, "value", figure.Value);
        WriteNumber(json, "low", figure.Interval.Low);
        WriteNumber(json, "high", figure.Interval.High);
        json.WriteNumber("seeds", figure.Seeds);
        json.WriteNumber("samples", figure.Samples);
        if (figure.Missing > 0)
            json.WriteNumber("missing", figure.Missing);
        if (figure.Failures.Count > 0)
            json.WriteNumber("failed", figure.Failures.Count);
        if (figure.Off is { } off)
            json.WriteString("does_not_count", off);
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsNaN(value))
            json.WriteNull(name);
        else
            json.WriteNumber(name, value);
    }
}
