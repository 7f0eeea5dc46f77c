using Octavo.Training.Schedules;

namespace Octavo.Training.Configuration;

/// <summary>How the learning rate moves over the run.</summary>
internal sealed record ScheduleConfig : IHasProblems
{
    // open-instruct's; it stands only where no number of steps is given
    private const double UsualRatio = 0.03;

    [Setting("The learning rate's course: linear, cosine, cosine_with_restarts, cosine_with_min_lr, polynomial, constant, constant_with_warmup, "
        + "inverse_sqrt or warmup_stable_decay.", Sources.OpenInstruct)]
    public ScheduleKind LrSchedulerType { get; init; } = ScheduleKind.Linear;

    [Setting("Share of the run's steps over which the learning rate rises from 0; 0.03 where neither this nor warmup_steps is given.",
        Sources.OpenInstruct, AtLeast = 0, AtMost = 1)]
    public double? WarmupRatio { get; init; }

    [Setting("The same in steps; one of the two.", Sources.Transformers, AtLeast = 0)]
    public long? WarmupSteps { get; init; }

    [Setting("How warmup_ratio becomes whole steps: truncate (open-instruct) or up (transformers).", Sources.OpenInstruct)]
    public WarmupRounding WarmupRounding { get; init; } = WarmupRounding.Truncate;

    /// <summary>Numbers that only some courses have.</summary>
    [Section]
    public ScheduleOptions LrSchedulerKwargs { get; init; } = new();

    /// <summary>The schedule of a run.</summary>
    /// <param name="learningRate">Its highest learning rate.</param>
    /// <param name="totalSteps">Optimizer steps of the whole run.</param>
    /// <exception cref="Core.ConfigException">The warm-up is longer than the run, or a number is missing.</exception>
    public Schedule Create(double learningRate, long totalSteps) =>
        new(LrSchedulerType, learningRate, Warmup(totalSteps), totalSteps, LrSchedulerKwargs);

    /// <summary>Steps of the warm-up in a run of so many.</summary>
    public long Warmup(long totalSteps) => LrSchedulerType == ScheduleKind.Constant ? 0
        : WarmupSteps ?? Schedule.WarmupSteps(totalSteps, WarmupRatio ?? UsualRatio, WarmupRounding == WarmupRounding.Up);

    public IEnumerable<ConfigProblem> Problems()
    {
        if (WarmupSteps is not null && WarmupRatio is not null)
            yield return new("warmup_steps", "and warmup_ratio are both given. Remove one.");
        if (LrSchedulerType == ScheduleKind.Constant && (WarmupSteps > 0 || WarmupRatio > 0))
            yield return new("lr_scheduler_type", "is constant, which has no warm-up. Write 'constant_with_warmup'.");
        if (WarmupSteps is not null && WarmupRounding == WarmupRounding.Up)
            yield return new("warmup_rounding", "rounds warmup_ratio; with warmup_steps it has no effect. Remove it.");
        const string Type = "lr_scheduler_type";
        var name = Spelling.Of(LrSchedulerType);
        foreach (var option in LrSchedulerKwargs.NotOf(LrSchedulerType))
            yield return new($"lr_scheduler_kwargs.{option}", $"has no effect with 'lr_scheduler_type: {name}'. Remove it.");
        if (LrSchedulerType == ScheduleKind.WarmupStableDecay && LrSchedulerKwargs.NumDecaySteps is null)
            yield return new(
                "lr_scheduler_kwargs.num_decay_steps",
                "is needed by 'lr_scheduler_type: warmup_stable_decay': the steps of its last part.", Type);
        if (LrSchedulerType == ScheduleKind.CosineWithMinLr && LrSchedulerKwargs.MinLrRate is null)
            yield return new(
                "lr_scheduler_kwargs.min_lr_rate",
                "is needed by 'lr_scheduler_type: cosine_with_min_lr': the last learning rate over the highest.", Type);
    }
}
