using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Evaluation.Charts;
using Octavo.Training.Runs;
using Spectre.Console.Rendering;

namespace Octavo.Cli.Runs;

/// <summary>What <c>--metric</c>, <c>--smooth</c> and <c>--log</c> say about a plot.</summary>
/// <param name="Metric">The metric; null takes the training loss, else the first that there is.</param>
/// <param name="Smoothing">The weight of what came before; null chooses one.</param>
/// <param name="IsLog">A logarithmic axis.</param>
internal sealed record PlotOptions(string? Metric, double? Smoothing, bool IsLog);

/// <summary><c>octavo runs plot</c> and <c>compare</c>: curves of runs, in the terminal and as files.</summary>
internal sealed class RunPlots(Terminal terminal, IReadOnlyList<string> folders, PlotOptions options)
{
    private const int MostColumns = 110, Rows = 16;

    /// <summary>Draws one metric.</summary>
    /// <param name="output">An SVG file to write; null draws in the terminal.</param>
    public int Plot(string? output)
    {
        CheckOutput(output, [".svg"]);
        var comparison = Compare();
        var chart = Chart(comparison, TagOf(comparison));
        if (output is not null)
            TextFile.Write(output, chart.ToFile());
        else
            Draw(chart);
        return 0;
    }

    /// <summary>The points of one metric, for machines.</summary>
    public int PlotJson()
    {
        var comparison = Compare();
        var tag = TagOf(comparison);
        JsonText.WriteIndented(terminal.Out, json =>
        {
            json.WriteString("metric", tag);
            json.WriteStartArray("runs");
            foreach (var folder in folders)
            {
                using var run = new RunReader(folder);
                json.WriteStartObject();
                RunSummary.WriteHeader(json, run.Header);
                json.WriteStartArray("points");
                foreach (var point in run.Series(tag))
                {
                    json.WriteStartObject();
                    json.WriteNumber("step", point.Step);
                    RunSummary.WriteNumber(json, "value", point.Value);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
        return 0;
    }

    /// <summary>Tables of metrics and settings, and the curves.</summary>
    /// <param name="output">An SVG or HTML file for the curves; null draws them in the terminal.</param>
    public int CompareText(string? output)
    {
        CheckOutput(output, [".svg", ".html"]);
        var comparison = Compare();
        var tag = TagOf(comparison);
        var rich = new Rich(terminal);
        rich.Table(["", .. comparison.Labels.Select(label => ">" + label)], RunComparisonPage.Rows(comparison).Select(Cells));
        terminal.Out.WriteLine();
        if (comparison.Differences.Count == 0)
            terminal.Out.WriteLine("the settings are the same");
        else
        {
            rich.Table(["setting", .. comparison.Labels],
                comparison.Differences.Select(row => Cells([row.Name, .. row.Values.Select(value => value ?? "—")])));
        }
        terminal.Out.WriteLine();
        if (output is null)
            Draw(Chart(comparison, tag));
        else if (Path.GetExtension(output) == ".svg")
            TextFile.Write(output, Chart(comparison, tag).ToFile());
        else
            TextFile.Write(output, RunComparisonPage.Make(comparison, Tags(comparison).Select(one => Chart(comparison, one))));
        return 0;
    }

    /// <summary>The same for machines.</summary>
    public int CompareJson()
    {
        var comparison = Compare();
        JsonText.WriteIndented(terminal.Out, json =>
        {
            json.WriteStartArray("runs");
            foreach (var run in comparison.Runs)
            {
                json.WriteStartObject();
                run.WriteJson(json);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartObject("differences");
            foreach (var row in comparison.Differences)
            {
                json.WriteStartArray(row.Name);
                foreach (var value in row.Values)
                    json.WriteStringValue(value);
                json.WriteEndArray();
            }
            json.WriteEndObject();
        });
        return 0;
    }

    private static IReadOnlyList<IRenderable> Cells(IReadOnlyList<string> row) => [Rich.Strong(row[0]), .. row.Skip(1).Select(Rich.Plain)];

    private static void CheckOutput(string? output, string[] kinds)
    {
        if (output is null)
            return;
        if (!kinds.Contains(Path.GetExtension(output)))
            throw new ConfigException($"-o is '{output}'; its name must end in {string.Join(" or ", kinds)}: nothing else is written.");
        TextFile.Check("-o", output);
    }

    private RunComparison Compare()
    {
        var now = TimeProvider.System.GetUtcNow();
        return RunComparison.Of([.. folders.Select(folder =>
        {
            using var run = new RunReader(folder);
            return RunSummary.Of(run, now);
        })]);
    }

    /// <summary>The metrics of a page: the one that was asked for, else all.</summary>
    private IReadOnlyList<string> Tags(RunComparison comparison) => options.Metric is null ? comparison.Tags : [TagOf(comparison)];

    private string TagOf(RunComparison comparison)
    {
        if (comparison.Tags.Count == 0)
            throw new InputFileException($"{string.Join(", ", folders)}: no metric was logged yet.");
        if (options.Metric is not { } asked)
            return comparison.Tags[0];
        return comparison.Tags.Contains(asked) ? asked : throw new ConfigException(
            $"--metric is '{asked}', which was not logged.{Nearest.Hint(asked, comparison.Tags)} There are: {string.Join(", ", comparison.Tags)}.");
    }

    private LineChart Chart(RunComparison comparison, string tag)
    {
        var curves = folders.Select((folder, i) =>
        {
            using var run = new RunReader(folder);
            return (comparison.Labels[i], RunCurves.Points(run, tag));
        });
        return RunCurves.Overlay(tag, [.. curves], options.Smoothing, options.IsLog);
    }

    private void Draw(LineChart chart)
    {
        var columns = Math.Min(terminal.Width - 1, MostColumns);
        terminal.Out.WriteLine(chart.Title + (chart.IsLog ? " (logarithmic)" : ""));
        foreach (var line in new TerminalPlot(chart.Series, columns, Rows, chart.IsLog, terminal.HasColor, chart.Format).Lines())
            terminal.Out.WriteLine(line);
    }
}
