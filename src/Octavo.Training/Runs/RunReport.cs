using System.Globalization;
using Octavo.Core;
using Octavo.Evaluation.Charts;
using Octavo.Evaluation.Reports;

namespace Octavo.Training.Runs;

/// <summary>The report of a run: one page with curves, samples, settings and what happened; and the same in numbers for programs.</summary>
internal static class RunReport
{
    public const string FileName = "report.html";

    // more of them at the top of the page would hide its curves
    private const int MostNotes = 5;

    /// <summary>Writes <c>report.html</c> and <c>summary.json</c> into the run's folder.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="isLog">Losses and gradient norms on logarithmic axes.</param>
    /// <param name="clock">The time; the system's by default.</param>
    /// <returns>The page's path.</returns>
    /// <exception cref="InputFileException">There is no run, or it cannot be read.</exception>
    /// <exception cref="ResourceException">The disk is full or fails.</exception>
    public static string Write(string folder, bool isLog = false, TimeProvider? clock = null)
    {
        using var run = new RunReader(folder, clock);
        var now = (clock ?? TimeProvider.System).GetUtcNow();
        var path = Path.Combine(folder, FileName);
        var summary = RunSummary.Of(run, now);
        ReportFiles.Keep(path, Page(run, summary, isLog));
        ReportFiles.KeepJson(Path.Combine(folder, RunSummary.FileName), summary.WriteJson);
        return path;
    }

    /// <summary>The page.</summary>
    private static string Page(RunReader run, RunSummary summary, bool isLog)
    {
        var info = summary.Header.Info;
        var page = new ReportHtml($"{info.Name}: report");
        page.Head(info.Name, summary.Header.Status.Name(), string.Create(CultureInfo.InvariantCulture,
            $"{info.Recipe} · run {summary.Header.Id} · began {summary.Header.Started:yyyy-MM-dd HH:mm} UTC")
            + $" · worked {ChartNumber.Time(summary.Worked)}");
        page.Tiles(Tiles(summary));
        foreach (var warning in Warnings(summary))
            page.Warning(warning);
        page.Section("Curves");
        page.Charts(RunCurves.Of(run, isLog));
        WriteSamples(page, run.Samples(), run.Answers());
        WriteFacts(page, summary);
        page.Section("Configuration");
        page.Facts(RunSettings.Read(info.Config));
        WriteEnvironment(page, summary);
        WriteEvents(page, summary);
        return page.End();
    }

    /// <summary>What the reader must know before trusting the curves.</summary>
    internal static IReadOnlyList<string> Warnings(RunSummary summary)
    {
        List<string> warnings = [];
        var (header, last) = (summary.Header, ChartNumber.Count(summary.Last?.Step ?? 0));
        if (header.Status is RunStatus.Failed or RunStatus.Stopped)
        {
            var how = header.Status == RunStatus.Failed ? "ended by an error" : "stopped";
            warnings.Add($"The run was {how} after step {last}: {header.Message ?? "no reason is recorded"}");
        }
        if (header.Status == RunStatus.Killed)
            warnings.Add($"The process that wrote this run is gone; the last step it logged is {last}. Resume it from its newest checkpoint.");
        if (header.Status == RunStatus.Running)
            warnings.Add($"The run goes on: this is how it stood after step {last}.");
        foreach (var metric in summary.Metrics.Where(metric => metric.NotFinite > 0))
        {
            warnings.Add(
                $"{metric.Tag}: {ChartNumber.Count(metric.NotFinite)} of {ChartNumber.Count(metric.Points)} values are no numbers or infinite; curves have gaps there.");
        }
        var notes = summary.Notes.Where(note => note.Kind == RunNote.Warning).ToList();
        warnings.AddRange(notes.Take(MostNotes).Select(note => $"Step {ChartNumber.Count(note.Step)}: {note.Text}"));
        if (notes.Count > MostNotes)
            warnings.Add($"{ChartNumber.Count(notes.Count - MostNotes)} more warnings are among the events at the end of this page.");
        return warnings;
    }

    private static IEnumerable<(string, string)> Tiles(RunSummary summary)
    {
        yield return ("steps", ChartNumber.Count(summary.Last?.Step ?? 0));
        yield return ("tokens", ChartNumber.Short(summary.Last?.Tokens ?? 0));
        if (summary.Metric(RunTags.Loss) is { } loss)
            yield return ("last training loss", ChartNumber.Short(loss.Last.Value));
        if (summary.Metric(RunTags.EvaluationLoss) is { Least: { } best } evaluation)
        {
            yield return ("last evaluation loss", ChartNumber.Short(evaluation.Last.Value));
            yield return ($"best evaluation loss, step {ChartNumber.Count(best.Step)}", ChartNumber.Short(best.Value));
        }
        if (summary.Metric(RunTags.TokensPerSecond) is { Least: not null } rate)
            yield return ("tokens/s, mean", ChartNumber.Short(rate.Mean));
        if (summary.Metric(RunTags.Memory) is { Most: { } most })
            yield return ("most memory", ChartNumber.Bytes(most.Value));
    }

    // a column for each time that the prompts were asked
    private static void WriteSamples(ReportHtml page, IReadOnlyList<RunSample> samples, IReadOnlyList<RunAnswer> answers)
    {
        var steps = answers.GroupBy(answer => answer.Step).Select(group => (Step: group.Key, Texts: group.ToLookup(answer => answer.Prompt))).ToList();
        string[] prompts = samples.Count > 0
            ? [.. samples.Select(sample => sample.Prompt)]
            : [.. answers.Select(answer => answer.Prompt).Distinct()];
        if (prompts.Length == 0)
            return;
        page.Section("Samples");
        page.Table(
            ["prompt", .. Ends("before"), .. steps.Select(asked => $"step {ChartNumber.Count(asked.Step)}"), .. Ends("after")],
            prompts.Select((prompt, i) => (string[])
            [
                prompt, .. Ends(samples.ElementAtOrDefault(i)?.Before ?? ""), .. steps.Select(asked => asked.Texts[prompt].FirstOrDefault()?.Text ?? ""),
                .. Ends(samples.ElementAtOrDefault(i)?.After ?? ""),
            ]), isText: true);

        string[] Ends(string text) => samples.Count > 0 ? [text] : [];
    }

    private static void WriteFacts(ReportHtml page, RunSummary summary)
    {
        foreach (var section in summary.Facts.Where(fact => fact.Section != "environment").GroupBy(fact => fact.Section))
        {
            page.Section(section.Key);
            page.Facts(section.Select(fact => (fact.Name, fact.Value)));
        }
        page.Section("Metrics");
        page.Table(["metric", ">points", ">last", ">least", ">at step", ">most", ">at step", ">mean"],
            summary.Metrics.OrderBy(metric => metric.Tag, RunCurves.Order).Select(metric => (string[])
            [
                metric.Tag, ChartNumber.Count(metric.Points), Value(metric.Tag, metric.Last.Value),
                .. Extreme(metric, metric.Least), .. Extreme(metric, metric.Most),
                metric.Least is null ? "" : Value(metric.Tag, metric.Mean),
            ]));
    }

    private static string[] Extreme(MetricSummary metric, RunPoint? point) =>
        point is { } there ? [Value(metric.Tag, there.Value), ChartNumber.Count(there.Step)] : ["", ""];

    private static void WriteEvents(ReportHtml page, RunSummary summary)
    {
        page.Section("Events");
        List<(DateTimeOffset Time, long? Step, string What, string Text)> events =
            [.. summary.Notes.Select(note => (note.Time, (long?)note.Step, note.Kind, note.Text))];
        foreach (var session in summary.Header.Sessions)
        {
            events.Add((session.Started, session.FromStep, "began", $"process {session.ProcessId}: {session.Info.CommandLine}"));
            if (session.Ended is { } ended)
                events.Add((ended, null, session.Status.Name(), session.Message ?? ""));
        }
        page.Table(["time (UTC)", ">step", "what", ""], events.OrderBy(row => row.Time).Select(row => (string[])
        [
            row.Time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), row.Step is { } step ? ChartNumber.Count(step) : "", row.What, row.Text,
        ]));
    }

    private static void WriteEnvironment(ReportHtml page, RunSummary summary)
    {
        var info = summary.Header.Info;
        page.Section("Environment");
        page.Facts(
        [
            ("command", info.CommandLine), ("commit", info.Commit), ("machine", info.Machine),
            ("seed", info.Seed.ToString(CultureInfo.InvariantCulture)),
            .. summary.Facts.Where(fact => fact.Section == "environment").Select(fact => (fact.Name, fact.Value)),
        ]);
    }

    internal static string Value(string tag, double value) => tag == RunTags.Memory ? ChartNumber.Bytes(value) : ChartNumber.Short(value);
}
