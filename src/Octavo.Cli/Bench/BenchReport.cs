using Octavo.Engine.Benchmarks;

namespace Octavo.Cli.Bench;

/// <summary>Everything that a run found out.</summary>
internal sealed record BenchReport
{
    /// <summary>The program's version.</summary>
    public required string Version { get; init; }

    /// <summary>The commit that was measured.</summary>
    public required string Commit { get; init; }

    public required DateTimeOffset Date { get; init; }

    /// <summary>The model's name, without folders.</summary>
    public required string Model { get; init; }

    /// <summary>Bytes of its files with weights.</summary>
    public required long FileBytes { get; init; }

    /// <summary>The instruction set that was really taken.</summary>
    public required string InstructionSet { get; init; }

    public required bool Exact { get; init; }

    /// <summary>The most threads that a test had.</summary>
    public required int Threads { get; init; }

    /// <summary>How keys and values were stored: <c>f32</c>, <c>f16</c>, <c>q8</c>.</summary>
    public required string Kv { get; init; }

    /// <summary>Bits of the activations that met quantized weights: 8, 16, or 32 with <c>--exact</c>.</summary>
    public required int ActivationBits { get; init; }

    /// <summary>The processor's name and how many the process may use.</summary>
    public required (string Name, int Count) Processor { get; init; }

    /// <summary>Runnable processes of the last minute, before and after; null where the system does not tell.</summary>
    public required (double? Start, double? End) Load { get; init; }

    /// <summary>From the path to a model that can run: opening, checking, lowering. Weights that are mapped are read by the warm-up.</summary>
    public required double LoadSeconds { get; init; }

    /// <summary>The most memory that was resident during the tests, mapped weights included.</summary>
    public required long PeakResidentBytes { get; init; }

    public required IReadOnlyList<TestResult> Results { get; init; }

    /// <summary>The machine's limits by threads, the most first; empty where they were not measured.</summary>
    public required IReadOnlyList<MachineLimits> Limits { get; init; }

    /// <summary>There and back between two threads; null where it was not measured.</summary>
    public required double? PingPongSeconds { get; init; }

    /// <summary>The limits that a result is held against.</summary>
    public MachineLimits? LimitsOf(TestResult result) => Limits.FirstOrDefault(limits => limits.Threads == result.Key.Threads);
}
