using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Core.Store;
using Octavo.Engine;
using Octavo.Evaluation.English;
using Octavo.Evaluation.Procedural;
using Octavo.Evaluation.Rehearsal;

namespace Octavo.Cli.Data;

/// <summary>
/// <c>octavo data make NAME</c>: writes generated rows, conversations of a model's own, or English text of this machine, one JSON object per
/// line.
/// </summary>
/// <param name="model">The option for the model that writes conversations.</param>
/// <param name="count">The option for how many.</param>
internal sealed class DataMake(Option<string?> model, Option<string?> count)
{
    private const int DefaultCount = 1000;
    private const int BatchSize = 16;

    private static readonly string[] _names = ["gsm", "arithmetic", "arc", "hellaswag", "ifeval", "english", "rehearsal"];

    private readonly Option<string?> _seed = Options.Whole("--seed", "Seeds the draws: equal seeds give equal rows; 0 by default.");
    private readonly Option<string?> _split = Options.Text("--split", "NAME", "train (the default), dev or test; gsm also has test-range, arithmetic only train.");
    private readonly Option<string?> _model = model;
    private readonly Option<string?> _count = count;
    private readonly Option<string?> _steps = Options.Whole("--steps", "gsm: equations of each solution, 1 to 3; mixed by default.");
    private readonly Option<string?> _worked = Options.Flag("--worked", "gsm: solutions add and take away tens first, then ones.");
    private readonly Option<string?> _output = Options.Text("--output", "FILE", "Where to write; standard output by default.", "-o");

    public IEnumerable<Symbol> Symbols => [_model, _seed, _split, _count, _steps, _worked, _output];

    /// <summary>Makes the rows of a task.</summary>
    /// <param name="name">What stands behind <c>data make</c>.</param>
    /// <param name="parsed">The options.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="interrupts">Ends the work between rows.</param>
    public int Run(string? name, ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        using var status = new StatusLine(terminal, isOn: true);
        var split = parsed.GetValue(_split) ?? "train";
        if (name is not "rehearsal" && parsed.Has(_model))
            throw new ConfigException($"--model has no effect on data make {name}; leave it out.");
        var lines = name switch
        {
            "english" => English(parsed, split, status, interrupts.Token),
            "rehearsal" => Rehearsal(parsed, status, interrupts.Token),
            _ => Rows(name, parsed, split, status),
        };
        var path = parsed.GetValue(_output);
        var written = path is null
            ? Write(terminal.Out, lines, interrupts.Token)
            : WriteFile(path, lines, interrupts.Token);
        status.Clear();
        if (path is not null)
            terminal.Error.WriteLine(Summary(name!, split, path, written));
        return 0;
    }

    private IEnumerable<string> Rows(string? name, ParseResult parsed, string split, StatusLine status)
    {
        var (seed, count) = (parsed.Unsigned(_seed) ?? 0, parsed.Whole(_count) ?? DefaultCount);
        return Task(name, parsed).Generate(seed, split, count).Select((row, i) =>
        {
            status.Report("rows", i, count);
            return RowJson.Write(row);
        });
    }

    private IEnumerable<string> Rehearsal(ParseResult parsed, StatusLine status, CancellationToken cancellationToken)
    {
        RefuseOfGsm("rehearsal", parsed);
        if (parsed.Has(_split))
            throw new ConfigException("rehearsal takes no --split: its rows are what a model says. Leave it out.");
        var (seed, count) = (parsed.Unsigned(_seed) ?? 0, parsed.Whole(_count) ?? DefaultCount);
        return Conversations(Installation.Models.Resolve(parsed.GetValue(_model) ?? Installation.BundledModel), seed, count, status, cancellationToken);
    }

    private static IEnumerable<string> Conversations(string path, ulong seed, int count, StatusLine status, CancellationToken cancellationToken)
    {
        using var model = LanguageModel.Load(path);
        var rows = new SelfConversations(model, BatchSize).Generate(seed, count, cancellationToken);
        foreach (var (row, i) in rows.Select((row, i) => (row, i)))
        {
            status.Report("rows", i, count);
            yield return RowJson.Write(row);
        }
    }

    private IEnumerable<string> English(ParseResult parsed, string split, StatusLine status, CancellationToken cancellationToken)
    {
        RefuseOfGsm("english", parsed);
        if (parsed.Has(_seed))
            throw new ConfigException("english takes no --seed: its text is what this machine has. Leave it out.");
        var count = parsed.Whole(_count) ?? int.MaxValue;
        if (count < 1)
            throw new ConfigException($"--count is {count}; give at least 1.");
        var documents = new EnglishCorpus().Read(split, (done, total) => status.Report("files", done, total), cancellationToken);
        return documents.Take(count).Select(document => JsonText.MakeLine(json =>
        {
            json.WriteString("text", document.Text);
            json.WriteString("id", document.Id);
            json.WriteString("split", document.Split);
        }));
    }

    private static int Write(TextWriter writer, IEnumerable<string> lines, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var line in lines)
        {
            cancellationToken.ThrowIfCancellationRequested();
            writer.WriteLine(line);
            count++;
        }
        return count;
    }

    private static int WriteFile(string path, IEnumerable<string> lines, CancellationToken cancellationToken)
    {
        TextFile.Check("--output", path);
        using var file = new IncompleteFile(path);
        var written = 0;
        file.Write(stream =>
        {
            using var writer = new StreamWriter(stream, bufferSize: 1 << 16, leaveOpen: true) { NewLine = "\n" };
            written = Write(writer, lines, cancellationToken);
        });
        file.Keep(overwrite: true);
        return written;
    }

    private static string Summary(string name, string split, string path, int written) => name == "english"
        ? $"{path}: {written} documents, {Rich.Bytes(new FileInfo(path).Length)}, split {split}. Each text keeps the licence of its package: /usr/share/doc/PACKAGE/copyright. "
            + $"More text: {EnglishCorpus.Install}"
        : $"{path}: {written} rows of {name}{(name == "rehearsal" ? "" : $", split {split}")}";

    private void RefuseOfGsm(string? name, ParseResult parsed)
    {
        foreach (var (option, isThere) in new[] { ("--steps", parsed.Has(_steps)), ("--worked", parsed.Has(_worked)) })
        {
            if (isThere)
                throw new ConfigException($"{option} has no effect on {name}; leave it out.");
        }
    }

    private ProceduralTask Task(string? name, ParseResult parsed)
    {
        var steps = parsed.Whole(_steps);
        if (steps is < 1 or > 3)
            throw new ConfigException($"--steps is {steps}; give 1, 2 or 3.");
        ProceduralTask task = name switch
        {
            "gsm" => new GsmLike { Steps = steps ?? 0, Worked = parsed.Has(_worked) },
            "arithmetic" => new ArithmeticDrill(),
            "arc" => new ArcLike(),
            "hellaswag" => new HellaswagLike(),
            "ifeval" => new IfevalLike(),
            null => throw new ConfigException($"data make: no name was given; give one of {string.Join(", ", _names)}."),
            _ => throw new ConfigException($"data make: there is no '{name}'.{Nearest.Hint(name, _names)} Give one of {string.Join(", ", _names)}."),
        };
        if (task is not GsmLike)
            RefuseOfGsm(name, parsed);
        return task;
    }
}
