using System.CommandLine;
using System.Text;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Core.Store;
using Octavo.Evaluation.Procedural;

namespace Octavo.Cli.Data;

/// <summary><c>octavo data make NAME</c>: writes generated rows, one per line.</summary>
internal sealed class DataMake
{
    private static readonly string[] _names = ["gsm"];

    private readonly Option<string?> _seed = Options.Whole("--seed", "Seeds the draws: equal seeds give equal rows; 0 by default.");
    private readonly Option<string?> _split = Options.Text("--split", "NAME", "train (the default), dev or test; gsm also has test-range.");
    private readonly Option<string?> _count = Options.Whole("--count", "How many rows (1000).");
    private readonly Option<string?> _steps = Options.Whole("--steps", "gsm: equations of each solution, 1 to 3; mixed by default.");
    private readonly Option<string?> _output = Options.Text("--output", "FILE", "Where to write; standard output by default.", "-o");

    public IEnumerable<Symbol> Symbols => [_seed, _split, _count, _steps, _output];

    /// <summary>Makes the rows of a task.</summary>
    /// <param name="name">What stands behind <c>data make</c>.</param>
    /// <param name="parsed">The options.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="interrupts">Ends the work between rows.</param>
    public int Run(string? name, ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        var task = Task(name, parsed);
        var (seed, split, count) = (parsed.Unsigned(_seed) ?? 0, parsed.GetValue(_split) ?? "train", parsed.Whole(_count) ?? 1000);
        var rows = task.Generate(seed, split, count);
        if (parsed.GetValue(_output) is not { } path)
        {
            foreach (var row in rows)
                terminal.Out.WriteLine(RowJson.Write(row));
            return 0;
        }
        TextFile.Check("--output", path);
        using var status = new StatusLine(terminal, isOn: true);
        using var file = new IncompleteFile(path);
        var done = 0;
        file.Write(stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
            foreach (var row in rows)
            {
                interrupts.Token.ThrowIfCancellationRequested();
                writer.WriteLine(RowJson.Write(row));
                status.Report("rows", ++done, count);
            }
        });
        file.Keep(overwrite: true);
        status.Clear();
        terminal.Error.WriteLine($"{path}: {done} rows of {task.Name}, split {split}, seed {seed}");
        return 0;
    }

    private ProceduralTask Task(string? name, ParseResult parsed)
    {
        var steps = parsed.Whole(_steps);
        if (steps is < 1 or > 3)
            throw new ConfigException($"--steps is {steps}; give 1, 2 or 3.");
        ProceduralTask task = name switch
        {
            "gsm" or "gsm-like" => new GsmLike { Steps = steps ?? 0 },
            null => throw new ConfigException($"data make: no name was given; give one of {string.Join(", ", _names)}."),
            _ => throw new ConfigException($"data make: there is no '{name}'.{Nearest.Hint(name, _names)} Give one of {string.Join(", ", _names)}."),
        };
        if (steps is not null && task is not GsmLike)
            throw new ConfigException($"--steps has no effect on {task.Name}; leave it out.");
        return task;
    }
}
