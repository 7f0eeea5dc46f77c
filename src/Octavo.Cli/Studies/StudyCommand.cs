using System.Globalization;
using Octavo.Cli.Bench;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Evaluation.Studies;
using Octavo.Evaluation.Studies.Judging;
using Octavo.Evaluation.Studies.Reporting;

namespace Octavo.Cli.Studies;

/// <summary>One call of <c>octavo study</c>.</summary>
internal sealed class StudyCommand(Terminal terminal, IReadOnlyList<Study> studies, CancellationToken cancellationToken)
{
    /// <summary>The study's folder; null takes that of the installation.</summary>
    public string? Output { get; init; }

    /// <summary>Runs failed cells again.</summary>
    public bool Retries { get; init; }

    public int? Threads { get; init; }

    public bool IsJson { get; init; }

    /// <summary>Called when the rows are found to be of the plan, before cells are run.</summary>
    public Action? Opened { get; init; }

    private StudyHost Host => new(Installation.Models, terminal.Note, Threads);

    /// <summary>Names what there is.</summary>
    public int List()
    {
        if (IsJson)
            JsonText.WriteLine(terminal.Out, json => json.WriteTexts("studies", studies.Select(study => study.Name)));
        else if (studies.Count == 0)
            terminal.Out.WriteLine("There are no studies yet.");
        else
            new Rich(terminal).Table(["study", ""], studies.Select(study => new[] { Rich.Plain(study.Name), Rich.Plain(study.Summary) }));
        return 0;
    }

    /// <summary>Runs the cells that have no row yet, and writes the report.</summary>
    public int Run(string name)
    {
        var study = Find(name);
        var (plan, folder) = (study.Plan(Host), FolderOf(study));
        using var status = new StatusLine(terminal, isOn: true);
        using var log = StudyLog.Open(folder, plan);
        Opened?.Invoke();
        if (log.Rows.CutBytes > 0)
            terminal.Note($"{Path.Combine(folder, StudyLog.FileName)}: the last {log.Rows.CutBytes} bytes were a row that was cut off; its cell is run again.");
        if (plan.Cells().Any(cell => log.Rows[cell] is not { } row || (Retries && row.Result.Failure is not null)))
        {
            using var bench = study.Open(Host);
            var (processor, count) = Machine.Processor();
            var origin = new StudyOrigin(
                SourceCommit.Read(), string.Join(' ', Environment.GetCommandLineArgs().Skip(1).Prepend("octavo")), $"{processor}, {count} processors");
            new StudyRunner(plan, origin) { RetriesFailures = Retries, Progress = new Shown(status, plan.Name) }.RunGroups(log, bench.Run, cancellationToken);
            status.Clear();
        }
        Tell(StudyReport.Write(folder, plan, log.Rows), folder);
        return 0;
    }

    /// <summary>Writes the report of the rows that are there.</summary>
    public int Report(string name)
    {
        var study = Find(name);
        var (plan, folder) = (study.Plan(Host), FolderOf(study));
        Tell(StudyReport.Write(folder, plan, StudyLog.Read(folder, plan)), folder);
        return 0;
    }

    /// <summary>Runs one recorded cell again.</summary>
    /// <param name="name">The study.</param>
    /// <param name="seed">Chooses the cell.</param>
    /// <exception cref="EvaluationException">It came out otherwise.</exception>
    public int Verify(string name, ulong seed)
    {
        var study = Find(name);
        var plan = study.Plan(Host);
        var rows = StudyLog.Read(FolderOf(study), plan);
        using var bench = study.Open(Host);
        var verified = StudyVerification.Run(plan, rows, seed, bench.Run, cancellationToken);
        if (IsJson)
        {
            JsonText.WriteLine(terminal.Out, json =>
            {
                json.WriteString("cell", verified.Cell.Key);
                json.WriteTexts("compared", verified.Compared);
                json.WriteTexts("differences", verified.Differences);
            });
        }
        if (verified.Differences.Count > 0)
            throw new EvaluationException($"{verified.Cell} is not what was recorded:\n{string.Join('\n', verified.Differences)}");
        if (!IsJson)
            terminal.Out.WriteLine($"{verified.Cell}: as recorded ({string.Join(", ", verified.Compared)}).");
        return 0;
    }

    private Study Find(string name) => studies.FirstOrDefault(study => study.Name == name) ?? throw new ConfigException(studies.Count == 0
        ? $"there is no study '{name}': there are no studies yet."
        : $"there is no study '{name}'; there {(studies.Count == 1 ? "is" : "are")} {string.Join(", ", studies.Select(study => study.Name))}.{Nearest.Hint(name, [.. studies.Select(study => study.Name)])}");

    private string FolderOf(Study study) => Output ?? Path.Combine(Installation.Root, "docs", "studies", study.Name);

    private void Tell(StudyReport report, string folder)
    {
        var path = Path.Combine(folder, StudyReport.PageName);
        if (IsJson)
        {
            JsonText.WriteIndented(terminal.Out, json =>
            {
                json.WriteString("page", path);
                StudyReportJson.Write(json, report);
            });
            return;
        }
        if (report.Verdicts.Count > 0)
        {
            new Rich(terminal).Table(["claim", ">figure", ">95 %", "verdict", ""], report.Verdicts.Select(verdict =>
            {
                var metric = report.Plan.Metric(verdict.Claim.Metric);
                string[] row =
                [
                    verdict.Claim.Name, FigureText.Of(verdict.Claim, metric, verdict.Figure.Value), FigureText.Range(metric, verdict.Figure.Interval),
                    StudyVerdict.Name(verdict.Outcome), verdict.Reason,
                ];
                return row.Select(Rich.Plain).ToArray();
            }));
        }
        if (report.Failed.Any())
            terminal.Note(string.Create(CultureInfo.InvariantCulture, $"{report.Failed.Count()} cells failed; the page says why, and --retry runs them again."));
        terminal.Out.WriteLine(path);
    }

    private sealed class Shown(StatusLine status, string name) : IProgress<StudyProgress>
    {
        public void Report(StudyProgress value) => status.Report(name, value.Done, value.Total);
    }
}
