using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Core.Store;
using Octavo.Systems.ScBench.Data;

namespace Octavo.Cli.ScBench;

/// <summary><c>octavo scbench gen</c>: contexts of a task, one row to a line, in the layout of the released data.</summary>
/// <param name="model">The option for the model whose tokens are counted.</param>
/// <param name="task">The options for what is made.</param>
/// <param name="output">The option for where to write.</param>
internal sealed class ScBenchGen(Option<string?> model, ScBenchTask task, Option<string?> output)
{
    public IEnumerable<Symbol> Symbols => [model, .. task.Symbols, output];

    public int Run(IReadOnlyList<string> names, ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        if (names.Count > 0)
            throw new ConfigException($"scbench gen takes no file, and got '{names[0]}'; --task says what to make.");
        _ = task.Name(parsed);
        var path = Installation.Models.Resolve(parsed.GetValue(model) ?? Installation.BundledModel);
        using var status = new StatusLine(terminal, isOn: true);
        var (rules, rows, count) = task.Make(parsed, task.Prompts(parsed, path), interrupts.Token);
        var lines = rows.Select((row, i) =>
        {
            interrupts.Token.ThrowIfCancellationRequested();
            status.Report("contexts", i, count);
            return SharedContextJson.Write(row);
        });
        if (parsed.GetValue(output) is not { } file)
        {
            foreach (var line in lines)
                terminal.Out.WriteLine(line);
            return 0;
        }
        TextFile.Check("--output", file);
        WriteLines(file, lines);
        status.Clear();
        terminal.Error.WriteLine($"{file}: {count} contexts of {rules.Name}");
        return 0;
    }

    /// <summary>Writes lines aside and renames the file at the end.</summary>
    internal static void WriteLines(string path, IEnumerable<string> lines)
    {
        using var file = new IncompleteFile(path);
        file.Write(stream =>
        {
            using var writer = new StreamWriter(stream, bufferSize: 1 << 16, leaveOpen: true) { NewLine = "\n" };
            foreach (var line in lines)
                writer.WriteLine(line);
        });
        file.Keep(overwrite: true);
    }
}
