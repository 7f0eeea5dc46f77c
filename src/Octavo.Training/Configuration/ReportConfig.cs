using Octavo.Core;
using Octavo.Evaluation.Tasks;

namespace Octavo.Training.Configuration;

/// <summary>What is told during a run, and where.</summary>
internal sealed record ReportConfig : IHasProblems
{
    private const int UsualSampleTokens = 64;
    private const int UsualTaskLimit = 50;

    [Setting("Figures are written after every so many optimizer steps.",
        Sources.Transformers + "; the default is octavo's", AtLeast = 1, OnResume = OnResume.Free)]
    public int LoggingSteps { get; init; } = 10;

    [Setting("Examples that are not trained on, for the loss during the run.",
        Sources.Octavo, Text = TextKind.Path, OnResume = OnResume.Warned)]
    public string? EvalFile { get; init; }

    [Setting("Tasks that the model under training answers, judged and logged as eval/TASK/METRIC; docs/eval.md lists them. Their split is dev.",
        Sources.Octavo, OnResume = OnResume.Warned)]
    public IReadOnlyList<string> EvalTasks { get; init; } = [];

    [Setting("Samples of each such task.", Sources.Octavo, AtLeast = 1, OnResume = OnResume.Warned)]
    public int EvalTaskLimit { get; init; } = UsualTaskLimit;

    [Setting("Equations of the problems of gsm-like, 1 to 3; mixed where it is null.", Sources.Octavo, AtLeast = 1, OnResume = OnResume.Warned)]
    public int? EvalGsmEquations { get; init; }

    [Setting("Loss and tasks are computed after every so many optimizer steps, or at each 'epoch'.",
        Sources.Transformers, AtLeast = 1, OnResume = OnResume.Warned)]
    public Interval EvalSteps { get; init; } = Interval.Epoch;

    [Setting("Prompts, one a line, that the report shows with the answers before and after.",
        Sources.Octavo, Text = TextKind.Path, OnResume = OnResume.Free)]
    public string? SamplePromptsFile { get; init; }

    [Setting("They are asked during the run too, after every so many optimizer steps, or at each 'epoch'; null asks at its end alone.",
        Sources.Octavo, AtLeast = 1, OnResume = OnResume.Free)]
    public Interval? SampleSteps { get; init; }

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
        if (EvalFile is null && EvalTasks.Count == 0 && EvalSteps != Interval.Epoch)
            yield return new("eval_steps", "is given without eval_file and eval_tasks, so there is nothing to evaluate. Give one, or remove it.");
        foreach (var problem in TaskProblems())
            yield return problem;
        if (SamplePromptsFile is null && SampleSteps is not null)
            yield return new("sample_steps", "is given without sample_prompts_file, so nothing is asked. Give the file, or remove it.");
        if (SamplePromptsFile is null && SampleMaxTokens != UsualSampleTokens)
            yield return new("sample_max_tokens", "is given without sample_prompts_file, so nothing is asked. Give the file, or remove it.");
        if (SamplePromptsFile is not null && !WithTracking)
            yield return new("sample_prompts_file", "is given with 'with_tracking: false', so there is no report to show answers in. Remove one of them.");
        if (ReportTo.Count == 0 && WithTracking)
            yield return new("report_to", "is empty. Name a place, or write 'with_tracking: false'.");
        if (ReportTo.Distinct().Count() < ReportTo.Count)
            yield return new("report_to", "names a place twice.");
    }

    private IEnumerable<ConfigProblem> TaskProblems()
    {
        foreach (var name in EvalTasks.Where(name => !EvaluationTasks.Names.Contains(name)))
            yield return new("eval_tasks", $"names '{name}'.{Nearest.Hint(name, EvaluationTasks.Names)} Tasks: {string.Join(", ", EvaluationTasks.Names)}.");
        if (EvalTasks.Distinct().Count() < EvalTasks.Count)
            yield return new("eval_tasks", "names a task twice.");
        if (EvalTasks.Count > 0 && !WithTracking)
            yield return new("eval_tasks", "is given with 'with_tracking: false', so there is no log to keep figures in. Remove one of them.");
        if (EvalTasks.Count == 0 && EvalTaskLimit != UsualTaskLimit)
            yield return new("eval_task_limit", "is given without eval_tasks. Give some, or remove it.");
        if (EvalGsmEquations is > 3)
            yield return new("eval_gsm_equations", $"is {EvalGsmEquations}. Give 1, 2 or 3.");
        if (EvalGsmEquations is not null && !EvalTasks.Contains(EvaluationTasks.Gsm))
            yield return new("eval_gsm_equations", "is given, but eval_tasks does not name gsm-like. Name it, or remove the key.");
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
