using System.CommandLine;
using System.Globalization;
using Octavo.Cli.Bench;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;
using Octavo.Core;

namespace Octavo.Cli.Verbs;

/// <summary>Measures how fast a model runs, beside what the machine could do at best.</summary>
internal sealed class BenchVerb : Verb
{
    public static readonly VerbEntry Entry = new(
        "bench", "Judge", "Measures a model's speed beside this machine's limits.",
        [
            "octavo bench",
            "octavo bench --model smollm2-135m-instruct --prompt 512,2048 --depth 0,128,2048 --threads 2,1 --out before.json",
            "octavo bench --depth 128 --tokens 32 --compare before.json",
        ],
        () => new BenchVerb());

    private const double BusyShare = 0.5;
    private const double DefaultTolerance = 0.1;

    private readonly BenchFlags _flags = new();
    private readonly Option<string?> _json = Options.Flag("--json", "Writes the result as JSON; docs/bench.md says what its numbers are.");
    private readonly Option<string?> _out = Options.Text("--out", "FILE", "Also writes the JSON to a file.");

    private readonly Option<string?> _compare = Options.Text("--compare", "FILE", "Compares with the JSON of an earlier run; exits with 1 where a test became slower.");
    private readonly Option<string?> _tolerance = Options.Real("--tolerance", "With --compare: the part by which a median may be lower; 0.1 by default.");

    public override IEnumerable<Symbol> Symbols => [.. _flags.Symbols, _json, _out, _compare, _tolerance];

    public override int Run(ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        var plan = _flags.Read(parsed);
        var file = parsed.GetValue(_out);
        if (file is not null)
            TextFile.Check("--out", file);
        var tolerance = Tolerance(parsed);
        var earlier = parsed.GetValue(_compare) is { } before ? EarlierReport.Read(before) : null;
        WarnWhereBusy(terminal);
        BenchReport report;
        using (var status = new StatusLine(terminal, isOn: true))
            report = new BenchRun(plan, status, interrupts.Token).Run();
        var comparison = earlier is null ? null : Comparison.Of(earlier, report, tolerance);
        var json = JsonText.MakeIndented(json => BenchJson.Write(json, report, comparison));
        if (file is not null)
            TextFile.Write(file, json);
        if (parsed.Has(_json))
            terminal.Out.WriteLine(json);
        else
            WriteText(terminal, report, comparison);
        return comparison is { Holds: false } ? 1 : 0;
    }

    private static void WriteText(Terminal terminal, BenchReport report, Comparison? comparison)
    {
        BenchText.Write(terminal, report);
        if (comparison is not null)
            BenchText.Write(terminal, comparison);
    }

    private double Tolerance(ParseResult parsed)
    {
        if (parsed.Real(_tolerance) is not { } tolerance)
            return DefaultTolerance;
        if (!parsed.Has(_compare))
            throw new ConfigException("--tolerance has no effect without --compare; give both or leave it out.");
        return tolerance is >= 0 and < 1 ? tolerance : throw new ConfigException($"--tolerance is {tolerance}; give a number from 0 to below 1.");
    }

    private static void WarnWhereBusy(Terminal terminal)
    {
        if (Machine.LoadAverage() is { } load && load > BusyShare * Environment.ProcessorCount)
        {
            terminal.Note(string.Create(
                CultureInfo.InvariantCulture,
                $"this machine is busy (load average {load:F2} on {Environment.ProcessorCount} processors): figures will be too low. Measure when it is idle."));
        }
    }
}
