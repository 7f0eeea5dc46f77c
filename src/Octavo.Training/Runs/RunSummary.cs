using System.Text.Json;

namespace Octavo.Training.Runs;

/// <summary>A metric over a whole run.</summary>
/// <param name="Tag">Its name.</param>
/// <param name="Points">How often it was logged.</param>
/// <param name="NotFinite">How many of these are no number or infinite.</param>
/// <param name="Last">The newest point.</param>
/// <param name="Least">The lowest finite point; null where there is none.</param>
/// <param name="Most">The highest finite point; null where there is none.</param>
/// <param name="Mean">Of the finite points; no number where there is none.</param>
internal sealed record MetricSummary(string Tag, int Points, int NotFinite, RunPoint Last, RunPoint? Least, RunPoint? Most, double Mean)
{
    public static MetricSummary? Of(string tag, IReadOnlyList<RunPoint> points)
    {
        if (points.Count == 0)
            return null;
        var finite = points.Where(point => double.IsFinite(point.Value)).ToList();
        return new MetricSummary(tag, points.Count, points.Count - finite.Count, points[^1],
            finite.Count > 0 ? finite.MinBy(point => point.Value) : null,
            finite.Count > 0 ? finite.MaxBy(point => point.Value) : null,
            finite.Count > 0 ? finite.Average(point => point.Value) : double.NaN);
    }
}

/// <summary>A run in numbers: what <c>summary.json</c> holds and <c>octavo runs show</c> prints.</summary>
/// <param name="Header">The run.</param>
/// <param name="Last">Its newest step; null where none was logged.</param>
/// <param name="Worked">Time that processes worked on it.</param>
/// <param name="Metrics">By name.</param>
/// <param name="Facts">As the recipe told them.</param>
/// <param name="Notes">What happened.</param>
internal sealed record RunSummary(
    RunHeader Header, RunStep? Last, TimeSpan Worked,
    IReadOnlyList<MetricSummary> Metrics, IReadOnlyList<RunFact> Facts, IReadOnlyList<RunNote> Notes)
{
    public const string FileName = "summary.json";

    /// <summary>Reads a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="now">The present, for one that runs.</param>
    public static RunSummary Of(RunReader run, DateTimeOffset now) => new(
        run.Header, run.LastStep(), run.Header.Worked(now),
        [.. run.Tags().Select(tag => MetricSummary.Of(tag, run.Series(tag))).OfType<MetricSummary>()], run.Facts(), run.Notes());

    public MetricSummary? Metric(string tag) => Metrics.FirstOrDefault(metric => metric.Tag == tag);

    /// <summary>Writes the members of an object.</summary>
    public void WriteJson(Utf8JsonWriter json)
    {
        WriteHeader(json, Header);
        json.WriteNumber("steps", Last?.Step ?? 0);
        json.WriteNumber("tokens", Last?.Tokens ?? 0);
        json.WriteNumber("seconds", Math.Round(Worked.TotalSeconds, 3));
        json.WriteString("command", Header.Info.CommandLine);
        json.WriteString("config", Header.Info.Config);
        json.WriteStartObject("metrics");
        foreach (var metric in Metrics)
            Write(json, metric);
        json.WriteEndObject();
        foreach (var section in Facts.GroupBy(fact => fact.Section))
        {
            json.WriteStartObject("facts_" + section.Key);
            foreach (var fact in section)
                json.WriteString(fact.Name, fact.Value);
            json.WriteEndObject();
        }
        json.WriteStartArray("notes");
        foreach (var note in Notes)
        {
            json.WriteStartObject();
            json.WriteNumber("step", note.Step);
            json.WriteString("time", note.Time);
            json.WriteString("kind", note.Kind);
            json.WriteString("text", note.Text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>Writes the members that tell which run it is and how it stands.</summary>
    public static void WriteHeader(Utf8JsonWriter json, RunHeader header)
    {
        json.WriteString("id", header.Id);
        json.WriteString("folder", header.Folder);
        json.WriteString("name", header.Info.Name);
        json.WriteString("recipe", header.Info.Recipe);
        json.WriteString("status", header.Status.Name());
        if (header.Message is { } message)
            json.WriteString("message", message);
        json.WriteString("started", header.Started);
        if (header.Sessions[^1].Ended is { } ended)
            json.WriteString("ended", ended);
        json.WriteNumber("sessions", header.Sessions.Count);
        json.WriteNumber("seed", header.Info.Seed);
        json.WriteString("commit", header.Info.Commit);
        json.WriteString("machine", header.Info.Machine);
    }

    /// <summary>JSON has no number for what is none; such values are texts, as .NET and JavaScript name them.</summary>
    public static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(name, value);
        else
            json.WriteString(name, NameOf(value));
    }

    /// <summary>The name of what is no finite number.</summary>
    public static string NameOf(double value) =>
        double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";

    private static void Write(Utf8JsonWriter json, MetricSummary metric)
    {
        json.WriteStartObject(metric.Tag);
        json.WriteNumber("points", metric.Points);
        json.WriteNumber("not_finite", metric.NotFinite);
        WriteNumber(json, "last", metric.Last.Value);
        json.WriteNumber("last_step", metric.Last.Step);
        if (metric is { Least: { } least, Most: { } most })
        {
            json.WriteNumber("least", least.Value);
            json.WriteNumber("least_step", least.Step);
            json.WriteNumber("most", most.Value);
            json.WriteNumber("most_step", most.Step);
            json.WriteNumber("mean", metric.Mean);
        }
        json.WriteEndObject();
    }
}
