using System.Globalization;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Evaluation.Charts;
using Octavo.Training.Runs;

namespace Octavo.Cli.Runs;

/// <summary>
/// <c>octavo runs list</c>: every run below a folder, the newest first. One that is broken is told and does not end the list.
/// </summary>
internal sealed class RunListing(Terminal terminal, string folder)
{
    private readonly List<(string Folder, string Error)> _broken = [];

    public int Write(bool asJson)
    {
        if (!Directory.Exists(folder))
        {
            throw new InputFileException(
                $"{folder}: there is no such folder. Runs lie in {RunFolders.Default}/ unless their recipe was told otherwise; "
                + "name the folder: octavo runs list DIR.");
        }
        var runs = RunFolders.Find(folder).Select(Read).OfType<Row>().OrderByDescending(row => row.Header.Started).ToList();
        if (asJson)
            WriteJson(runs);
        else
            WriteText(runs);
        return 0;
    }

    private Row? Read(string path)
    {
        try
        {
            using var run = new RunReader(path);
            return new Row(run.Header, run.LastStep(), run.Last(RunTags.Loss)?.Value, run.Last(RunTags.EvaluationLoss)?.Value);
        }
        catch (InputFileException error)
        {
            _broken.Add((path, error.Message));
            return null;
        }
    }

    private void WriteText(List<Row> runs)
    {
        if (runs.Count > 0)
        {
            var now = TimeProvider.System.GetUtcNow();
            new Rich(terminal).Table(
                ["run", "id", "recipe", "status", ">steps", ">tokens", ">loss", ">eval", "began (UTC)", ">worked"],
                runs.Select(row => (IReadOnlyList<Spectre.Console.Rendering.IRenderable>)
                [
                    Rich.Strong(Path.GetRelativePath(folder, row.Header.Folder) is var name and not "." ? name : row.Header.Info.Name),
                    Rich.Weak(row.Header.Id), Rich.Plain(row.Header.Info.Recipe), RunStatusText.Of(row.Header.Status),
                    Rich.Plain(ChartNumber.Count(row.Last?.Step ?? 0)), Rich.Plain(ChartNumber.Short(row.Last?.Tokens ?? 0)),
                    Rich.Plain(row.Loss is { } loss ? ChartNumber.Short(loss) : ""),
                    Rich.Plain(row.Evaluation is { } evaluation ? ChartNumber.Short(evaluation) : ""),
                    Rich.Plain(row.Header.Started.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)),
                    Rich.Plain(ChartNumber.Time(row.Header.Worked(now))),
                ]));
        }
        else if (_broken.Count == 0)
        {
            terminal.Error.WriteLine($"no runs in {folder}.");
        }
        foreach (var (_, error) in _broken)
            terminal.Note(error);
    }

    private void WriteJson(List<Row> runs) => JsonText.WriteIndented(terminal.Out, json =>
    {
        json.WriteStartArray("runs");
        foreach (var row in runs)
        {
            json.WriteStartObject();
            RunSummary.WriteHeader(json, row.Header);
            json.WriteNumber("steps", row.Last?.Step ?? 0);
            json.WriteNumber("tokens", row.Last?.Tokens ?? 0);
            if (row.Loss is { } loss)
                RunSummary.WriteNumber(json, RunTags.Loss, loss);
            if (row.Evaluation is { } evaluation)
                RunSummary.WriteNumber(json, RunTags.EvaluationLoss, evaluation);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("broken");
        foreach (var (path, error) in _broken)
        {
            json.WriteStartObject();
            json.WriteString("folder", path);
            json.WriteString("error", error);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private sealed record Row(RunHeader Header, RunStep? Last, double? Loss, double? Evaluation);
}
