namespace Octavo.Training.Runs;

/// <summary>How a run stands.</summary>
internal enum RunStatus
{
    /// <summary>A process is writing it.</summary>
    Running,

    /// <summary>It reached its end.</summary>
    Done,

    /// <summary>An error ended it.</summary>
    Failed,

    /// <summary>Somebody stopped it.</summary>
    Stopped,

    /// <summary>It says running, and no process does.</summary>
    Killed,
}

/// <summary>One process that worked on a run: the first, or one that resumed it.</summary>
/// <param name="Info">As that process told it.</param>
/// <param name="FromStep">0, or the step that it went on from.</param>
/// <param name="ProcessId">Its id on its machine.</param>
/// <param name="Started">When it began.</param>
/// <param name="Ended">When it ended; for one that was killed, its last sign of life; null while it runs.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Message">What it said at the end; null for nothing.</param>
internal sealed record RunSession(
    RunInfo Info, long FromStep, int ProcessId, DateTimeOffset Started, DateTimeOffset? Ended, RunStatus Status, string? Message);

/// <summary>What a run's database says of the run as a whole.</summary>
/// <param name="Id">Unique among all runs.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="Sessions">Every process that worked on it, at least one.</param>
internal sealed record RunHeader(string Id, string Folder, IReadOnlyList<RunSession> Sessions)
{
    /// <summary>As the newest process told it.</summary>
    public RunInfo Info => Sessions[^1].Info;

    public RunStatus Status => Sessions[^1].Status;

    public string? Message => Sessions[^1].Message;

    public DateTimeOffset Started => Sessions[0].Started;

    /// <summary>Time that processes worked on it, without the gaps between them.</summary>
    /// <param name="now">The present, for one that runs.</param>
    public TimeSpan Worked(DateTimeOffset now) =>
        Sessions.Aggregate(TimeSpan.Zero, (sum, session) => sum + ((session.Ended ?? now) - session.Started));
}
