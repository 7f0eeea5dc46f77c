namespace Octavo.Training.Configuration;

/// <summary>What is told during a run, and where.</summary>
internal sealed record ReportConfig : IHasProblems
{
    private const int UsualSampleTokens = 64;

    [Setting("Figures are written after every so many optimizer steps.",
        Sources.Transformers + "; the default is octavo's", AtLeast = 1, OnResume = OnResume.Free)]
    public int LoggingSteps { get; init; } = 10;

    [Setting("Examples that are not trained on, for the loss during the run.",
        Sources.Octavo, Text = TextKind.Path, OnResume = OnResume.Warned)]
    public string? EvalFile { get; init; }

    [Setting("That loss is computed after every so many optimizer steps, or at each 'epoch'.",
        Sources.Transformers, AtLeast = 1, OnResume = OnResume.Warned)]
    public Interval EvalSteps { get; init; } = Interval.Epoch;

    [Setting("Prompts, one a line, that the report shows with the answers before and after.",
        Sources.Octavo, Text = TextKind.Path, OnResume = OnResume.Free)]
    public string? SamplePromptsFile { get; init; }

    [Setting("The most tokens of such an answer.", Sources.Octavo, AtLeast = 1, OnResume = OnResume.Free)]
    public int SampleMaxTokens { get; init; } = UsualSampleTokens;

    [Setting("Whether figures are written to files at all. Nothing leaves the machine.",
        Sources.OpenInstruct + "; the default is octavo's", OnResume = OnResume.Free)]
    public bool WithTracking { get; init; } = true;

    [Setting("Where figures go: sqlite (for 'octavo runs'), tensorboard (event files), html (a page at the end).",
        Sources.OpenInstruct, OnResume = OnResume.Free)]
    public IReadOnlyList<Reporter> ReportTo { get; init; } = [Reporter.Sqlite, Reporter.Tensorboard, Reporter.Html];

    public IEnumerable<ConfigProblem> Problems()
    {
        if (EvalFile is null && EvalSteps != Interval.Epoch)
            yield return new("eval_steps", "is given without eval_file, so there is nothing to evaluate. Give eval_file, or remove it.");
        if (SamplePromptsFile is null && SampleMaxTokens != UsualSampleTokens)
            yield return new("sample_max_tokens", "is given without sample_prompts_file, so nothing is asked. Give the file, or remove it.");
        if (SamplePromptsFile is not null && !WithTracking)
            yield return new("sample_prompts_file", "is given with 'with_tracking: false', so there is no report to show answers in. Remove one of them.");
        if (ReportTo.Count == 0 && WithTracking)
            yield return new("report_to", "is empty. Name a place, or write 'with_tracking: false'.");
        if (ReportTo.Distinct().Count() < ReportTo.Count)
            yield return new("report_to", "names a place twice.");
    }
}

/// <summary>When a loss or gradient stands out, and what then.</summary>
internal sealed record SpikeGuardConfig : IHasProblems
{
    [Setting("warn saves the batch and goes on, stop saves it and ends the run.", Sources.Octavo, OnResume = OnResume.Free)]
    public SpikeAction Action { get; init; } = SpikeAction.Warn;

    [Setting("Optimizer steps that the usual value, a median, is taken over.", Sources.Octavo, AtLeast = 2, OnResume = OnResume.Free)]
    public int Window { get; init; } = 50;

    [Setting("A loss above so many times the usual one stands out; null is off.", Sources.Octavo, Above = 1, OnResume = OnResume.Free)]
    public double? LossRatio { get; init; } = 3;

    [Setting("A gradient norm above so many times the usual one stands out; null is off.",
        Sources.Octavo, Above = 1, OnResume = OnResume.Free)]
    public double? GradNormRatio { get; init; } = 10;

    public IEnumerable<ConfigProblem> Problems()
    {
        if (Action == SpikeAction.Stop && LossRatio is null && GradNormRatio is null)
            yield return new("spike_guard.action", "is stop, but both ratios are off, so nothing stands out. Give one.");
    }
}
