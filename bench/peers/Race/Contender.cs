namespace Octavo.Bench.Peers;

/// <summary>What an engine says of itself.</summary>
/// <param name="Version">Its version or commit.</param>
/// <param name="Build">The flags that it was compiled with.</param>
/// <param name="SystemInfo">Its own line about instruction sets.</param>
/// <param name="Lacking">Features of this processor that it has code for and does not use.</param>
internal sealed record Identity(string Version, string Build, string SystemInfo, IReadOnlyList<string> Lacking);

/// <summary>What one run gave.</summary>
/// <param name="Value">In the test's base unit (tokens/s, seconds, bytes); null where there is none.</param>
/// <param name="Reason">Why there is none.</param>
internal sealed record Measurement(double? Value, string? Reason = null)
{
    public static Measurement Failed(ChildRun run) => new(null, $"exit {run.ExitCode}: {run.Said}");
}

/// <summary>One engine: how it is asked for a test, and how its answer is read. A run is one process from start to exit.</summary>
internal abstract class Contender(string name)
{
    protected const string Prompt = "The lighthouse stood at the end of a narrow road, and every evening the keeper climbed its stairs to "
        + "light the lamp, to wind the clock and to write the weather of the day into his log.";

    protected const int FirstTokenContext = 512;

    public string Name { get; } = name;

    /// <summary>Settings of which the best counts; one empty text where there is nothing to choose.</summary>
    public abstract IReadOnlyList<string> Settings(RaceTest test, RaceOptions options);

    public abstract Measurement Measure(RaceTest test, string setting, RaceOptions options);

    /// <summary>The time of the process, or its memory; null where the test asks for a rate.</summary>
    protected static Measurement? OfProcess(RaceTest test, ChildRun run) => test.Kind switch
    {
        _ when run.ExitCode != 0 => Measurement.Failed(run),
        TestKind.FirstToken => new(run.Seconds),
        TestKind.Memory => new(run.PeakBytes),
        _ => null,
    };
}
