using Octavo.Engine.Benchmarks;

namespace Octavo.Cli.Bench;

/// <summary>What names a test in every run.</summary>
/// <param name="Kind"><c>prefill</c> or <c>decode</c>.</param>
/// <param name="Tokens">Tokens of the prompt, or tokens generated.</param>
/// <param name="Depth">Tokens in the cache before.</param>
/// <param name="Batch">Sequences together.</param>
/// <param name="Threads">Threads that computed.</param>
/// <param name="Kv">How keys and values were stored.</param>
internal sealed record TestKey(string Kind, int Tokens, int Depth, int Batch, int Threads, string Kv)
{
    /// <summary>Such as "prefill 512" and "decode 64 at 128".</summary>
    public string Label =>
        (Kind == "prefill" ? $"prefill {Tokens}" : $"{Kind} {Tokens} at {Depth}") + (Batch > 1 ? $", {Batch} together" : "");
}

/// <summary>What was measured of a test.</summary>
/// <param name="Key">The test.</param>
/// <param name="Rate">Tokens per second, all sequences together.</param>
/// <param name="Seconds">Seconds per repetition.</param>
/// <param name="Bytes">Bytes that a repetition must read, or null.</param>
/// <param name="Operations">Operations that a repetition must do.</param>
internal sealed record TestResult(TestKey Key, Statistic Rate, Statistic Seconds, double? Bytes, Operations Operations)
{
    /// <summary>Bytes per second of the median repetition.</summary>
    public double? Bandwidth => Bytes / Seconds.Median;

    /// <summary>Operations per second of the median repetition.</summary>
    public double Compute => Operations.Total / Seconds.Median;

    /// <summary>The achieved part of the read limit.</summary>
    public double? BandwidthShare(MachineLimits? limits) => Bandwidth / limits?.ReadBytes;

    /// <summary>The time that the operations would take at the machine's limits, as a part of the time that they took.</summary>
    public double? ComputeShare(MachineLimits? limits) => limits?.Seconds(Operations) / Seconds.Median;
}
