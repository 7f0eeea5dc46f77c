using System.CommandLine;
using System.Globalization;
using Octavo.Cli.Bench;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;

namespace Octavo.Cli.Verbs;

/// <summary>Measures how fast a model runs, beside what the machine could do at best.</summary>
internal sealed class BenchVerb : Verb
{
    public static readonly VerbEntry Entry = new(
        "bench", "Judge", "Measures a model's speed beside this machine's limits.",
        [
            "octavo bench",
            "octavo bench --model smollm2-135m-instruct --prompt 512,2048 --depth 0,128,2048 --threads 2,1 --out before.json",
            "octavo bench --depth 128 --tokens 32 --repetitions 3 --no-probe --json",
        ],
        () => new BenchVerb());

    private const double BusyShare = 0.5;

    private readonly BenchFlags _flags = new();
    private readonly Option<string?> _json = Options.Flag("--json", "Writes the result as JSON; docs/bench.md says what its numbers are.");
    private readonly Option<string?> _out = Options.Text("--out", "FILE", "Also writes the JSON to a file.");

    public override IEnumerable<Symbol> Symbols => [.. _flags.Symbols, _json, _out];

    public override int Run(ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        var plan = _flags.Read(parsed);
        var file = parsed.GetValue(_out);
        if (file is not null)
            ReportFile.Check(file);
        WarnWhereBusy(terminal);
        BenchReport report;
        using (var status = new StatusLine(terminal, isOn: true))
            report = new BenchRun(plan, status, interrupts.Token).Run();
        var json = JsonText.MakeIndented(json => BenchJson.Write(json, report));
        if (file is not null)
            ReportFile.Write(file, json);
        if (parsed.Has(_json))
            terminal.Out.WriteLine(json);
        else
            BenchText.Write(terminal, report);
        return 0;
    }

    private static void WarnWhereBusy(Terminal terminal)
    {
        if (Machine.LoadAverage() is { } load && load > BusyShare * Environment.ProcessorCount)
        {
            terminal.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"octavo: this machine is busy (load average {load:F2} on {Environment.ProcessorCount} processors): figures will be too low. Measure when it is idle."));
        }
    }
}
