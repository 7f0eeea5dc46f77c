using Octavo.Training.Configuration;

namespace Octavo.Training.Schedules;

/// <summary>Numbers that only some schedules have; null stands for the schedule's own default.</summary>
internal sealed record ScheduleOptions
{
    private static readonly ScheduleKind[] _waves =
        [ScheduleKind.Cosine, ScheduleKind.CosineWithRestarts, ScheduleKind.CosineWithMinLr, ScheduleKind.WarmupStableDecay];

    [Setting("Cosine waves over the run; 0.5 falls once. With cosine_with_restarts the number of falls, 1.",
        Sources.Transformers, Above = 0)]
    public double? NumCycles { get; init; }

    [Setting("cosine_with_min_lr: the last learning rate over the highest.", Sources.Transformers, AtLeast = 0, AtMost = 1)]
    public double? MinLrRate { get; init; }

    [Setting("polynomial: the last learning rate; 1e-7 by default.", Sources.Transformers, AtLeast = 0)]
    public double? LrEnd { get; init; }

    [Setting("polynomial: the power; 1 by default.", Sources.Transformers, Above = 0)]
    public double? Power { get; init; }

    [Setting("inverse_sqrt: the step from which it falls; the warm-up's steps by default, 10000 without one.",
        Sources.Transformers, AtLeast = 1)]
    public long? Timescale { get; init; }

    [Setting("warmup_stable_decay: steps of the fall.", Sources.Transformers, AtLeast = 1)]
    public long? NumDecaySteps { get; init; }

    [Setting("warmup_stable_decay: the line of the rise, linear, cosine or 1-sqrt; linear by default.", Sources.Transformers)]
    public ScheduleShape? WarmupType { get; init; }

    [Setting("warmup_stable_decay: the line of the fall; cosine by default.", Sources.Transformers)]
    public ScheduleShape? DecayType { get; init; }

    [Setting("warmup_stable_decay: the first and last learning rate over the highest; 0 by default.",
        Sources.Transformers, AtLeast = 0, AtMost = 1)]
    public double? MinLrRatio { get; init; }

    /// <summary>The keys that are given and that a schedule of this kind does not have.</summary>
    public IEnumerable<string> NotOf(ScheduleKind kind)
    {
        (string Key, bool IsGiven, bool IsItsOwn)[] all =
        [
            ("num_cycles", NumCycles is not null, _waves.Contains(kind)),
            ("min_lr_rate", MinLrRate is not null, kind == ScheduleKind.CosineWithMinLr),
            ("lr_end", LrEnd is not null, kind == ScheduleKind.Polynomial),
            ("power", Power is not null, kind == ScheduleKind.Polynomial),
            ("timescale", Timescale is not null, kind == ScheduleKind.InverseSqrt),
            ("num_decay_steps", NumDecaySteps is not null, kind == ScheduleKind.WarmupStableDecay),
            ("warmup_type", WarmupType is not null, kind == ScheduleKind.WarmupStableDecay),
            ("decay_type", DecayType is not null, kind == ScheduleKind.WarmupStableDecay),
            ("min_lr_ratio", MinLrRatio is not null, kind == ScheduleKind.WarmupStableDecay),
        ];
        return all.Where(option => option is { IsGiven: true, IsItsOwn: false }).Select(option => option.Key);
    }
}
