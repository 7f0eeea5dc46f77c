using System.Globalization;
using Octavo.Core;

namespace Octavo.Bench.Peers;

/// <summary>
/// LLamaSharp with the libraries of its own package: what a .NET user has today. They are compiled for a class of processors, not for this
/// one, so what they do not use is told and not held against them.
/// </summary>
internal sealed class LlamaSharpContender(string folder) : Contender("llamasharp")
{
    private static readonly HashSet<string> _known = ["AVX2", "FMA", "F16C", "AVX512", "AVX512_VNNI", "AVX512_BF16", "AVX_VNNI", "AMX_INT8"];

    private readonly string _program = Path.Combine(folder, "LlamaSharpBench");

    public bool IsThere => File.Exists(_program);

    /// <exception cref="ConfigException">It does not run.</exception>
    public Identity Identify(RaceOptions options, Processor processor)
    {
        var run = ChildRun.Start(_program, ["identify", "--model", options.Model]);
        var (version, line) = (BenchDocument.Text(run.Output, "version"), BenchDocument.Text(run.Output, "system_info"));
        if (run.ExitCode != 0 || version is null || line is null)
            throw new ConfigException($"llamasharp: it ended with {run.ExitCode}. It said: {run.Said}. "
                + "Build it again: bench/peers/race build llamasharp");
        return new(version, "the package's own libraries", line, processor.Lacking(line, _known));
    }

    public override IReadOnlyList<string> Settings(RaceTest test, RaceOptions options) =>
        options.Kv == "q8" ? ["--fa 1"] : ["--fa 0", "--fa 1"];

    public override Measurement Measure(RaceTest test, string setting, RaceOptions options)
    {
        IEnumerable<string> what = test.Kind switch
        {
            TestKind.Prefill => ["bench", "--prompt", Text(test.Prompt)],
            TestKind.FirstToken => ["generate", "--text", Prompt, "--context", Text(FirstTokenContext)],
            _ => ["bench", "--depth", Text(test.Depth), "--tokens", Text(test.Tokens), "--batch", Text(test.Batch)],
        };
        var repetitions = test.IsRate ? options.Repetitions : 1;
        var run = ChildRun.Start(_program,
        [
            .. what, "--model", options.Model, "--threads", Text(options.Threads), "--kv", options.Kv, "--repetitions", Text(repetitions),
            .. setting.Split(' '),
        ], options.Limit);
        return OfProcess(test, run) ?? BenchDocument.Rate(run, test);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
