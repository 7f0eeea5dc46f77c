using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Octavo.Core;

namespace Octavo.Bench.Peers;

/// <summary>llama.cpp or a fork of it, through its own bench programs. Folder: <c>build/</c> with CMake's cache and <c>bin/</c>.</summary>
internal abstract partial class LlamaCppContender(string name, string folder) : Contender(name)
{
    private readonly string _build = Path.Combine(folder, "build");

    /// <summary>The program that answers a prompt; it also prints the line about instruction sets.</summary>
    protected abstract string Completion { get; }

    /// <summary>The features that this engine has code for.</summary>
    protected abstract IReadOnlySet<string> Known { get; }

    /// <summary>Arguments of llama-bench that decode tokens behind a context.</summary>
    protected abstract IEnumerable<string> Decode(RaceTest test);

    /// <summary>A setting as the programs other than llama-bench spell it.</summary>
    protected abstract IEnumerable<string> Spelled(string setting);

    /// <summary>What keeps <see cref="Completion"/> from waiting for a conversation.</summary>
    protected abstract IEnumerable<string> OneAnswer { get; }

    /// <summary>Whether the programs are there.</summary>
    public bool IsThere => File.Exists(Bin("llama-bench"));

    /// <exception cref="ConfigException">It does not run.</exception>
    public Identity Identify(RaceOptions options, Processor processor)
    {
        var run = ChildRun.Start(Bin(Completion), [.. Answer(options), .. Spelled(Settings(RaceTest.All(1)[0], options)[0])]);
        var line = (run.Error + "\n" + run.Output).Split('\n').FirstOrDefault(line => line.Contains("system_info", StringComparison.Ordinal));
        if (run.ExitCode != 0 || line is null)
            throw new ConfigException($"{Name}: {Completion} ended with {run.ExitCode} and told no system_info. "
                + $"It said: {run.Said}. Build it again: bench/peers/race build {Name}");
        line = line[line.IndexOf("system_info", StringComparison.Ordinal)..].Trim();
        return new(Version(), CMakeBuild.Describe(_build, Name), line, processor.Lacking(line, Known));
    }

    /// <summary>Why the build is not a fair one; null where it is.</summary>
    public string? Crippled(Identity identity)
    {
        if (!identity.Build.Contains("CMAKE_BUILD_TYPE=Release", StringComparison.Ordinal))
            return "it was not built as Release";
        return identity.Lacking.Count == 0
            ? null
            : $"this processor has {string.Join(", ", identity.Lacking)} and the build does not use it";
    }

    public override Measurement Measure(RaceTest test, string setting, RaceOptions options)
    {
        if (test.Batch > 1)
            return Streams(test, setting, options);
        if (test.Kind == TestKind.FirstToken)
        {
            var answer = ChildRun.Start(Bin(Completion), [.. Answer(options), .. Spelled(setting)], options.Limit);
            return OfProcess(test, answer)!;
        }
        IEnumerable<string> what = test.Kind == TestKind.Prefill ? ["-p", Text(test.Prompt), "-n", "0"] : Decode(test);
        var run = ChildRun.Start(Bin("llama-bench"),
        [
            "-m", options.Model, .. what, .. Common(options), .. setting.Split(' '),
            "-r", Text(test.Kind == TestKind.Memory ? 1 : options.Repetitions), "-o", "json",
        ], options.Limit);
        return OfProcess(test, run) ?? Rate(run);
    }

    protected static string KvType(RaceOptions options) => options.Kv == "q8" ? "q8_0" : options.Kv;

    protected static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<string> Common(RaceOptions options) =>
        ["-t", Text(options.Threads), "-ctk", KvType(options), "-ctv", KvType(options)];

    private IEnumerable<string> Answer(RaceOptions options) =>
    [
        "-m", options.Model, "-p", Prompt, "-n", "1", "-c", Text(FirstTokenContext), "--temp", "0", .. Common(options), .. OneAnswer,
    ];

    // llama-bench decodes one sequence only; the other program prints a table whose last row is the test
    private Measurement Streams(RaceTest test, string setting, RaceOptions options)
    {
        var run = ChildRun.Start(Bin("llama-batched-bench"),
        [
            "-m", options.Model, "-npp", Text(test.Depth), "-ntg", Text(test.Tokens), "-npl", Text(test.Batch),
            "-c", Text(test.Batch * (test.Depth + test.Tokens)), .. Common(options), .. Spelled(setting),
        ], options.Limit);
        if (run.ExitCode != 0)
            return Measurement.Failed(run);
        var row = TableRow().Match(run.Output + "\n" + run.Error);
        return row.Success
            ? new(double.Parse(row.Groups["speed"].Value, CultureInfo.InvariantCulture))
            : new(null, $"llama-batched-bench printed no row. It said: {run.Said}");
    }

    private static Measurement Rate(ChildRun run)
    {
        using var json = JsonDocument.Parse(run.Output);
        var samples = json.RootElement[json.RootElement.GetArrayLength() - 1].GetProperty("samples_ts");
        return new(Statistic.Of(samples.EnumerateArray().Select(sample => sample.GetDouble()))!.Median);
    }

    private string Version()
    {
        var file = Path.Combine(folder, "VERSION");
        return File.Exists(file) ? File.ReadAllText(file).Trim() : "unknown (there is no VERSION file)";
    }

    private string Bin(string program) => Path.Combine(_build, "bin", program);

    // | PP | TG | B | N_KV | T_PP s | S_PP t/s | T_TG s | S_TG t/s | T s | S t/s |
    [GeneratedRegex(@"^\|(?:\s*[\d.]+\s*\|){7}\s*(?<speed>[\d.]+)\s*\|", RegexOptions.Multiline | RegexOptions.RightToLeft)]
    private static partial Regex TableRow();
}
