using System.Globalization;
using Octavo.Cli.Output;
using Octavo.Engine.Benchmarks;
using Spectre.Console.Rendering;

namespace Octavo.Cli.Bench;

/// <summary>The report for people.</summary>
internal static class BenchText
{
    public static void Write(Terminal terminal, BenchReport report)
    {
        var rich = new Rich(terminal);
        rich.Facts(Facts(report));
        terminal.Out.WriteLine();
        // a column less where it would say the same in every row: the table fits 80 columns
        var counts = report.Results.Select(result => result.Key.Threads).Distinct().Count();
        string[] headers = ["test", ">threads", ">tokens/s", ">least–most", ">spread", ">reached", ">of limit"];
        rich.Table(
            [.. Needed(headers, counts)],
            report.Results.Select(result => (IReadOnlyList<IRenderable>)[.. Needed(Row(result, report.LimitsOf(result)), counts)]));
        if (report.Limits.Count == 0)
            return;
        terminal.Out.WriteLine();
        rich.Table(
            ["limits of this machine", ">read GB/s", ">fp32 GFLOP/s", $">int8 GOP/s ({report.Limits[0].IntegerForm})"],
            report.Limits.Select(Row));
        if (report.PingPongSeconds is { } seconds)
            terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"There and back between two threads: {seconds * 1e6:F2} µs"));
    }

    /// <summary>What an earlier run says about this one; nothing that only one of the two has is left out.</summary>
    public static void Write(Terminal terminal, Comparison comparison)
    {
        terminal.Out.WriteLine();
        foreach (var difference in comparison.Differences)
            terminal.Out.WriteLine($"Not alike: {difference}");
        if (comparison.Tests.Count == 0)
            terminal.Out.WriteLine($"{comparison.File} has none of these tests: nothing was compared.");
        else
            new Rich(terminal).Table(["against " + comparison.File, ">threads", ">before", ">now", ">ratio", ""], comparison.Tests.Select(Row));
        foreach (var key in comparison.OnlyBefore)
            terminal.Out.WriteLine($"Only before: {key.Label}, threads {key.Threads}, keys and values {key.Kv}");
        foreach (var key in comparison.OnlyNow)
            terminal.Out.WriteLine($"Only now: {key.Label}, threads {key.Threads}, keys and values {key.Kv}");
    }

    private static IEnumerable<T> Needed<T>(IReadOnlyList<T> columns, int threadCounts) =>
        threadCounts > 1 ? columns : columns.Where((_, column) => column != 1);

    private static IEnumerable<(string Name, string Value)> Facts(BenchReport report)
    {
        yield return ("Model", $"{report.Model}, {Rich.Bytes(report.FileBytes)}, keys and values {report.Kv}, activations {report.ActivationBits} bits");
        yield return ("Processor", $"{report.Processor.Name}, {report.Processor.Count} usable");
        var threads = string.Join(" and ", report.Results.Select(result => result.Key.Threads).Distinct());
        yield return ("Kernels", $"{report.InstructionSet}{(report.Exact ? ", exact" : "")}; threads {threads}");
        yield return ("Octavo", $"{report.Version}, commit {report.Commit}");
        var repetitions = report.Results[0].Rate.Count;
        yield return ("Measured", repetitions == 1 ? "once each, after a warm-up" : $"{repetitions} times each, after a warm-up; medians");
        yield return ("Loaded in", string.Create(CultureInfo.InvariantCulture, $"{report.LoadSeconds:F3} s; peak resident {Rich.Bytes(report.PeakResidentBytes)}"));
        yield return ("Load average", $"{Number(report.Load.Start, "F2")} at the start, {Number(report.Load.End, "F2")} at the end");
    }

    private static IReadOnlyList<IRenderable> Row(TestResult result, MachineLimits? limits) =>
    [
        Rich.Plain(result.Key.Label),
        Rich.Plain(Number(result.Key.Threads, "F0")),
        Rich.Good(Number(result.Rate.Median, "F1")),
        Rich.Plain($"{Number(result.Rate.Min, "F1")}–{Number(result.Rate.Max, "F1")}"),
        Rich.Plain(Percent(result.Rate.Spread)),
        // what limits a test: memory where a weight serves one token, arithmetic where it serves many
        Rich.Plain(result.Bandwidth is { } bandwidth ? $"{Number(bandwidth / 1e9, "F1")} GB/s" : $"{Number(result.Compute / 1e9, "F1")} GOP/s"),
        Rich.Plain(Percent(result.BandwidthShare(limits) ?? (result.Bandwidth is null ? result.ComputeShare(limits) : null))),
    ];

    private static IReadOnlyList<IRenderable> Row(MachineLimits limits) =>
    [
        Rich.Plain(limits.Threads == 1 ? "1 thread" : $"{limits.Threads} threads"),
        Rich.Plain(Number(limits.ReadBytes / 1e9, "F1")),
        Rich.Plain(Number(limits.FloatOperations / 1e9, "F0")),
        Rich.Plain(Number(limits.IntegerOperations / 1e9, "F0")),
    ];

    private static IReadOnlyList<IRenderable> Row(ComparedTest test) =>
    [
        Rich.Plain(test.Key.Label),
        Rich.Plain(Number(test.Key.Threads, "F0")),
        Rich.Plain(Number(test.Before, "F1")),
        Rich.Plain(Number(test.Now, "F1")),
        Rich.Plain(Number(test.Ratio, "F3")),
        test.Holds ? Rich.Good("ok") : Rich.Bad("SLOWER"),
    ];

    private static string Number(double? number, string format) => number?.ToString(format, CultureInfo.InvariantCulture) ?? "–";

    private static string Percent(double? share) => share is { } known ? Number(known * 100, "F0") + " %" : "–";
}
