using Octavo.Engine;

namespace Octavo.Cli.Bench;

/// <summary>What is measured, and how.</summary>
internal sealed record BenchPlan
{
    /// <summary>The model's folder or file.</summary>
    public required string Path { get; init; }

    /// <summary>Lengths of the prompts of the prefill tests.</summary>
    public required IReadOnlyList<int> Prompts { get; init; }

    /// <summary>Lengths of the contexts of the decode tests, ascending.</summary>
    public required IReadOnlyList<int> Depths { get; init; }

    /// <summary>Numbers of sequences that decode together.</summary>
    public required IReadOnlyList<int> Batches { get; init; }

    /// <summary>Tokens that a decode test generates for each sequence.</summary>
    public required int Tokens { get; init; }

    /// <summary>Numbers of threads; every test runs with each.</summary>
    public required IReadOnlyList<int> Threads { get; init; }

    /// <summary>How keys and values are stored; null takes the engine's choice.</summary>
    public KvType? Kv { get; init; }

    /// <summary>Bits of activations; null takes the engine's choice.</summary>
    public int? ActivationBits { get; init; }

    /// <summary>Measurements per test, after one that does not count.</summary>
    public required int Repetitions { get; init; }

    /// <summary>A forced instruction set, or null.</summary>
    public string? InstructionSet { get; init; }

    public bool Exact { get; init; }

    public bool MemoryMap { get; init; } = true;

    /// <summary>Whether the machine's limits are measured as well.</summary>
    public bool Probes { get; init; } = true;
}
