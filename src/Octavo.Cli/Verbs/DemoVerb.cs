using System.CommandLine;
using System.Runtime.CompilerServices;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Demos;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Nn;
using Octavo.Systems;

namespace Octavo.Cli.Verbs;

/// <summary>Runs a system's claim beside a control.</summary>
internal sealed class DemoVerb : Verb
{
    public static readonly VerbEntry Entry = new(
        "demo", "House", "Runs what a system claims beside a control, offline, and says whether it holds (exit 1 if not).",
        [
            "octavo demo scbench",
            "octavo demo scbench --seed 7 --json",
            "octavo demo scbench --seed 7 --retrain",
        ],
        () => new DemoVerb());

    private const ulong DefaultSeed = 1;

    private readonly Argument<string?> _name = Options.OptionalText("NAME", $"Which: {string.Join(", ", DemoList.All.Select(demo => demo.Name))}.");
    private readonly Option<string?> _seed = Options.Whole("--seed", "Draws all that is asked; 1 by default.");
    private readonly Option<string?> _retrain = Options.Flag("--retrain", "Trains the model anew from the seed first, where it is one that trains in minutes.");
    private readonly Option<string?> _quiet = Options.Flag("--quiet", "Shows no progress.", "-q");
    private readonly Option<string?> _json = Options.Json();

    public override IEnumerable<Symbol> Symbols => [_name, _seed, _retrain, _quiet, _json];

    public override int Run(ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        var names = DemoList.All.Select(demo => demo.Name).ToList();
        var name = parsed.GetValue(_name) ?? throw new ConfigException($"there is no demonstration named; give one of {string.Join(", ", names)}.");
        var demo = DemoList.All.FirstOrDefault(known => known.Name == name)
            ?? throw new ConfigException($"there is no demonstration '{name}'.{Nearest.Hint(name, names)} Give one of {string.Join(", ", names)}.");
        var (seed, retrains) = (parsed.Unsigned(_seed) ?? DefaultSeed, parsed.Has(_retrain));
        if (retrains && !demo.CanRetrain)
            throw new ConfigException($"--retrain has no effect on demo {name}: its model does not train in minutes. Leave it out.");
        using var status = new StatusLine(terminal, !parsed.Has(_quiet));
        if (retrains)
            PrepareTraining(status, interrupts.Token);
        var result = demo.Run(new DemoOptions(seed, retrains, Installation.Models, EngineFlags.ReadKv, status.Report), interrupts.Token);
        status.Clear();
        if (parsed.Has(_json))
            DemoText.WriteJson(terminal, name, seed, result);
        else
            DemoText.Write(terminal, result);
        return result.Holds ? 0 : 1;
    }

    // apart, so that a demonstration of bundled weights touches nothing of TorchSharp
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void PrepareTraining(StatusLine status, CancellationToken cancellationToken) => TorchRuntime.Ensure(
        new TorchOptions { Threads = 1, Progress = progress => status.Report(progress.What, (int)(progress.Done >> 20), (int)(progress.Total >> 20)) }, cancellationToken);
}
