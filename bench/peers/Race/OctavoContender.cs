using System.Globalization;
using Octavo.Core;

namespace Octavo.Bench.Peers;

/// <summary>Octavo, through its own verbs.</summary>
internal sealed class OctavoContender() : Contender("Octavo")
{
    private const int UnsupportedExit = 6;

    /// <summary>Its version and the instruction set that it takes.</summary>
    /// <exception cref="ConfigException">It does not run.</exception>
    public static Identity Identify(RaceOptions options)
    {
        var run = ChildRun.Start(options.Octavo,
        [
            "bench", "--model", options.Model, "--prompt", "16", "--repetitions", "1", "--threads", Text(options.Threads),
            "--no-probe", "--json", .. Own(options),
        ]);
        if (run.ExitCode != 0 || BenchDocument.Text(run.Output, "isa") is not { } set)
            throw new ConfigException($"{options.Octavo} bench ended with {run.ExitCode} and told no instruction set. It said: {run.Said}");
        var (version, commit) = (BenchDocument.Text(run.Output, "version"), BenchDocument.Text(run.Output, "commit"));
        var bits = BenchDocument.Text(run.Output, "activation_bits");
        return new($"{version} ({commit})", $"as ./octavo publishes it, activations of {bits} bits", set, []);
    }

    public override IReadOnlyList<string> Settings(RaceTest test, RaceOptions options) => [""];

    public override Measurement Measure(RaceTest test, string setting, RaceOptions options)
    {
        var run = ChildRun.Start(
            options.Octavo,
            [.. Arguments(test, options), "--model", options.Model, "--threads", Text(options.Threads), .. Own(options)],
            options.Limit);
        if (run.ExitCode == UnsupportedExit)
            return new(null, run.Said);
        return OfProcess(test, run) ?? BenchDocument.Rate(run, test);
    }

    private static IEnumerable<string> Arguments(RaceTest test, RaceOptions options)
    {
        if (test.Kind == TestKind.FirstToken)
            return ["generate", "--prompt", Prompt, "--max-tokens", "1", "--context", Text(FirstTokenContext), .. Kv(options)];
        IEnumerable<string> what = test.Kind == TestKind.Prefill
            ? ["--prompt", Text(test.Prompt)]
            : ["--depth", Text(test.Depth), "--tokens", Text(test.Tokens), "--batch", Text(test.Batch)];
        var repetitions = test.Kind == TestKind.Memory ? 1 : options.Repetitions;
        return ["bench", .. what, .. Kv(options), "--repetitions", Text(repetitions), "--no-probe", "--json"];
    }

    private static IEnumerable<string> Kv(RaceOptions options) => ["--kv", options.OctavoKv ?? options.Kv];

    /// <summary>What peers have no counterpart of.</summary>
    private static IEnumerable<string> Own(RaceOptions options)
    {
        if (options.Activations is { } bits)
        {
            yield return "--activations";
            yield return Text(bits);
        }
        if (options.InstructionSet is { } set)
        {
            yield return "--isa";
            yield return set;
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
