using System.Globalization;
using System.Text.Json;
using Octavo.Evaluation.Reports;

namespace Octavo.Training.Runs;

/// <summary>Writes every point of a run for other programs: one row per step, one column per metric.</summary>
internal static class RunExport
{
    /// <summary>Comma-separated; a metric that was not logged at a step is empty, what is no number is <c>NaN</c>.</summary>
    public static void WriteCsv(RunReader run, TextWriter writer)
    {
        var (tags, rows) = Read(run);
        writer.Write(string.Join(',', ((string[])["step", "tokens", "time"]).Concat(tags.Select(CsvText.Quoted))) + "\n");
        foreach (var (step, values) in rows)
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{step.Step},{step.Tokens},{step.Time:yyyy-MM-ddTHH:mm:ss.fffZ}"));
            foreach (var value in values)
                writer.Write(value is { } number ? "," + Text(number) : ",");
            writer.Write("\n");
        }
    }

    /// <summary>Writes the members of an object: the run, and its steps as an array.</summary>
    public static void WriteJson(RunReader run, Utf8JsonWriter json)
    {
        var (tags, rows) = Read(run);
        RunSummary.WriteHeader(json, run.Header);
        json.WriteStartArray("steps");
        foreach (var (step, values) in rows)
        {
            json.WriteStartObject();
            json.WriteNumber("step", step.Step);
            json.WriteNumber("tokens", step.Tokens);
            json.WriteString("time", step.Time);
            for (var i = 0; i < tags.Count; i++)
            {
                if (values[i] is { } number)
                    RunSummary.WriteNumber(json, tags[i], number);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static (IReadOnlyList<string> Tags, IEnumerable<(RunStep Step, double?[] Values)> Rows) Read(RunReader run)
    {
        var tags = run.Tags();
        var series = tags.Select(tag => run.Series(tag).ToDictionary(point => point.Step, point => point.Value)).ToList();
        return (tags, run.Steps().Select(step =>
            (step, series.Select(points => points.TryGetValue(step.Step, out var value) ? value : (double?)null).ToArray())));
    }

    private static string Text(double value) =>
        double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : RunSummary.NameOf(value);
}
