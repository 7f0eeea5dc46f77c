using System.Globalization;
using Octavo.Cli.Output;
using Octavo.Evaluation.Charts;
using Octavo.Training.Runs;
using Spectre.Console.Rendering;

namespace Octavo.Cli.Runs;

/// <summary><c>octavo runs show</c>: one run as text.</summary>
internal static class RunDetails
{
    public static void Write(Terminal terminal, RunSummary summary)
    {
        var (rich, header, info) = (new Rich(terminal), summary.Header, summary.Header.Info);
        rich.Title(info.Name);
        rich.Facts(
        [
            ("id", header.Id), ("folder", header.Folder), ("recipe", info.Recipe),
            ("status", header.Status.Name() + (header.Message is { } message ? ": " + message : "")),
            ("began", header.Started.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)),
            ("worked", ChartNumber.Time(summary.Worked) + (header.Sessions.Count > 1 ? $", in {header.Sessions.Count} processes" : "")),
            ("steps", ChartNumber.Count(summary.Last?.Step ?? 0)), ("tokens", ChartNumber.Count(summary.Last?.Tokens ?? 0)),
            ("seed", info.Seed.ToString(CultureInfo.InvariantCulture)), ("commit", info.Commit), ("machine", info.Machine),
            ("command", info.CommandLine),
            .. summary.Facts.Select(fact => ($"{fact.Section}: {fact.Name}", fact.Value)),
        ]);
        terminal.Out.WriteLine();
        rich.Table(["metric", ">points", ">last", ">least", ">at step", ">most", ">mean"],
            summary.Metrics.OrderBy(metric => metric.Tag, RunCurves.Order).Select(metric => Row(metric)));
        if (summary.Notes.Count > 0)
        {
            terminal.Out.WriteLine();
            rich.Table([">step", "time (UTC)", "event", ""], summary.Notes.Select(note => (IReadOnlyList<IRenderable>)
            [
                Rich.Plain(ChartNumber.Count(note.Step)), Rich.Weak(note.Time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
                note.Kind == RunNote.Warning ? Rich.Bad(note.Kind) : Rich.Plain(note.Kind), Rich.Plain(note.Text),
            ]));
        }
        terminal.Out.WriteLine();
        rich.Facts(RunSettings.Read(info.Config).Select(row => (row.Name.Length > 0 ? row.Name : "config", row.Value)));
    }

    private static IReadOnlyList<IRenderable> Row(MetricSummary metric) =>
    [
        Rich.Strong(metric.Tag), Rich.Plain(ChartNumber.Count(metric.Points)), Rich.Plain(RunReport.Value(metric.Tag, metric.Last.Value)),
        Rich.Plain(metric.Least is { } least ? RunReport.Value(metric.Tag, least.Value) : ""),
        Rich.Weak(metric.Least is { } at ? ChartNumber.Count(at.Step) : ""),
        Rich.Plain(metric.Most is { } most ? RunReport.Value(metric.Tag, most.Value) : ""),
        Rich.Plain(metric.Least is null ? "" : RunReport.Value(metric.Tag, metric.Mean)),
    ];
}
