namespace Octavo.Training.Configuration;

/// <summary>When checkpoints are written, how many stay, and which one a run begins from.</summary>
internal sealed record CheckpointConfig : IHasProblems
{
    [Setting("A checkpoint after every so many optimizer steps, or 'epoch'; only at the end by default.",
        Sources.OpenInstruct, AtLeast = 1, OnResume = OnResume.Free)]
    public Interval? CheckpointingSteps { get; init; }

    [Setting("How many checkpoints stay, the best one beside them; -1 for all.",
        Sources.OpenInstruct, AtLeast = -1, OnResume = OnResume.Free)]
    public int KeepLastNCheckpoints { get; init; } = 3;

    [Setting("auto goes on with the newest complete checkpoint of output_dir, never refuses a folder that has one, a path names one.",
        Sources.OpenInstruct, Text = TextKind.Path, OnResume = OnResume.Free)]
    public ResumeChoice ResumeFromCheckpoint { get; init; } = ResumeChoice.Auto;

    /// <summary>How many to keep, or null for all.</summary>
    public int? Keep => KeepLastNCheckpoints < 0 ? null : KeepLastNCheckpoints;

    public IEnumerable<ConfigProblem> Problems()
    {
        if (KeepLastNCheckpoints == 0)
            yield return new("keep_last_n_checkpoints", "is 0, which would leave nothing to go on with. Write 1 or more, or -1 for all.");
    }
}
