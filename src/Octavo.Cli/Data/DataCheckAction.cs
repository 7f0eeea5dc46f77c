using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Training.Data.Checks;
using Octavo.Training.Data.Mixtures;
using Octavo.Training.Data.Rows;

namespace Octavo.Cli.Data;

/// <summary><c>octavo data check FILE</c>: looks at every row before anything is learned from it.</summary>
/// <param name="flags">Options about how rows are read and encoded.</param>
/// <param name="json">The option for JSON.</param>
internal sealed class DataCheckAction(DataFlags flags, Option<string?> json)
{
    /// <summary>The exit where a check did not hold.</summary>
    private const int DidNotHold = 5;

    private readonly Option<string?> _config = Options.Text(
        "--config", "FILE", "check: the data of a run, as its configuration names them.", "-c");

    public IEnumerable<Symbol> Symbols => [_config, .. flags.Symbols, json];

    /// <summary>Checks files.</summary>
    public int Run(IReadOnlyList<string> files, ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        var wanted = Read(files, parsed);
        var check = new DataCheck(wanted.Encoders?.Literals, wanted.Encoders?.Examples);
        var reports = new List<CheckReport>();
        foreach (var file in wanted.Files)
        {
            using var status = new StatusLine(terminal, isOn: true);
            using var rows = RowFile.Open(file.Path, new ReadProgress(status, file.Path), interrupts.Token);
            reports.Add(check.Run(rows, file.Form, file.Columns, new RowProgress(status, rows.Count), interrupts.Token));
        }
        if (parsed.Has(json))
            JsonText.WriteIndented(terminal.Out, writer => CheckText.WriteJson(writer, reports));
        else
            reports.ForEach(report => CheckText.Write(terminal, report));
        return reports.Exists(report => report.BadRows > 0) ? DidNotHold : 0;
    }

    private CheckedFiles Read(IReadOnlyList<string> files, ParseResult parsed)
    {
        if (parsed.GetValue(_config) is not { } config)
        {
            if (files.Count == 0)
                throw new ConfigException("data check: no file was given; name data files, or a run by -c run.yaml.");
            var (form, columns) = (flags.Form(parsed), flags.Columns(parsed));
            return new CheckedFiles(
                [.. files.Select(file => new DatasetOptions { Path = file, Form = form, Columns = columns })], flags.Load(parsed));
        }
        var other = flags.Symbols.OfType<Option>().FirstOrDefault(parsed.Has);
        if (files.Count > 0 || other is not null)
            throw new ConfigException($"{other?.Name ?? files[0]} and --config are both given; {config} says what is checked, and how.");
        return CheckedFiles.OfConfig(config);
    }

    /// <summary>Shows how much of a file was read, in MB.</summary>
    private sealed class ReadProgress(StatusLine status, string path) : IProgress<long>
    {
        private readonly int _total = Megabytes(File.Exists(path) ? new FileInfo(path).Length : 0);

        public void Report(long value) => status.Report($"{Path.GetFileName(path)} MB", Megabytes(value), _total);

        private static int Megabytes(long bytes) => (int)(bytes / 1_000_000);
    }

    /// <summary>Shows how many rows were looked at.</summary>
    private sealed class RowProgress(StatusLine status, int total) : IProgress<int>
    {
        public void Report(int value) => status.Report("rows", value, total);
    }
}
