using Octavo.Core;

namespace Octavo.Training.Schedules;

/// <summary>
/// The learning rate of every optimizer step: steps count from 0, a warm-up starts at 0, so that its first step moves nothing. The formulas are
/// those of transformers.get_scheduler, in double precision.
/// </summary>
internal sealed record Schedule
{
    private const long InverseSqrtSteps = 10_000;
    private const double PolynomialEnd = 1e-7;

    private readonly double _peak;
    private readonly long _warmup;
    private readonly long _total;
    private readonly ScheduleOptions _options;

    /// <summary>Makes the schedule.</summary>
    /// <param name="kind">Its course.</param>
    /// <param name="peak">The highest learning rate.</param>
    /// <param name="warmup">Steps of the warm-up.</param>
    /// <param name="total">Steps of the run.</param>
    /// <param name="options">Numbers of its kind; null for the defaults.</param>
    /// <exception cref="ConfigException">The parts are longer than the run, or a number that the kind needs is missing.</exception>
    public Schedule(ScheduleKind kind, double peak, long warmup, long total, ScheduleOptions? options = null)
    {
        (Kind, _peak, _warmup, _total, _options) = (kind, peak, warmup, total, options ?? new ScheduleOptions());
        if (warmup > total)
            throw new ConfigException($"the warm-up has {warmup} steps and the whole run {total}. Lower warmup_steps or warmup_ratio.");
        if (kind == ScheduleKind.WarmupStableDecay && warmup + DecaySteps > total)
        {
            throw new ConfigException($"warm-up ({warmup}) and fall ({DecaySteps}) have more steps than the run ({total}). "
                + "Lower lr_scheduler_kwargs.num_decay_steps.");
        }
        if (kind == ScheduleKind.Polynomial && peak > 0 && PolynomialFloor > peak)
            throw new ConfigException($"lr_end {PolynomialFloor:g} is above learning_rate {peak:g}. Give lr_scheduler_kwargs.lr_end below it.");
        if (kind == ScheduleKind.CosineWithMinLr && _options.MinLrRate is null)
            throw new ConfigException("cosine_with_min_lr needs lr_scheduler_kwargs.min_lr_rate.");
    }

    /// <summary>Its course.</summary>
    public ScheduleKind Kind { get; }

    /// <summary>Steps of the warm-up.</summary>
    public long Warmup => _warmup;

    /// <summary>Steps of the run.</summary>
    public long Total => _total;

    private long DecaySteps => _options.NumDecaySteps
        ?? throw new ConfigException("warmup_stable_decay needs lr_scheduler_kwargs.num_decay_steps.");

    private double PolynomialFloor => _options.LrEnd ?? PolynomialEnd;

    private double MinRatio => _options.MinLrRatio ?? 0;

    /// <summary>A share of a run as whole steps.</summary>
    /// <param name="total">Steps of the run.</param>
    /// <param name="ratio">The share.</param>
    /// <param name="roundUp">Up as transformers does; else down as open-instruct does.</param>
    public static long WarmupSteps(long total, double ratio, bool roundUp) =>
        (long)(roundUp ? Math.Ceiling(total * ratio) : Math.Truncate(total * ratio));

    /// <summary>The learning rate that optimizer step <paramref name="step"/> uses.</summary>
    /// <param name="step">The steps before it.</param>
    public double At(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return _peak * (step < _warmup && Kind != ScheduleKind.Constant ? Rise(step) : AfterWarmup(step));
    }

    private double Rise(long step)
    {
        var share = (double)step / Math.Max(1, _warmup);
        if (Kind != ScheduleKind.WarmupStableDecay)
            return share;
        var factor = (_options.WarmupType ?? ScheduleShape.Linear) switch
        {
            ScheduleShape.Linear => share,
            ScheduleShape.Cosine => 0.5 * (1 - Math.Cos(Math.PI * share)),
            _ => 1 - Math.Sqrt(1 - share),
        };
        return Lifted(factor);
    }

    private double AfterWarmup(long step)
    {
        var over = (double)(step - _warmup) / Math.Max(1, _total - _warmup);
        return Kind switch
        {
            ScheduleKind.Linear => Math.Max(0, (double)(_total - step) / Math.Max(1, _total - _warmup)),
            ScheduleKind.Cosine => Wave(over, 0.5),
            ScheduleKind.CosineWithRestarts => Restarts(over),
            ScheduleKind.CosineWithMinLr => (Wave(over, 0.5) * (1 - _options.MinLrRate!.Value)) + _options.MinLrRate.Value,
            ScheduleKind.Polynomial => Polynomial(step),
            ScheduleKind.InverseSqrt => InverseSqrt(step),
            ScheduleKind.WarmupStableDecay => Decay(step),
            _ => 1,
        };
    }

    private double Wave(double over, double usualCycles) =>
        Math.Max(0, 0.5 * (1 + Math.Cos(Math.PI * 2 * (_options.NumCycles ?? usualCycles) * over)));

    private double Restarts(double over) =>
        over >= 1 ? 0 : Math.Max(0, 0.5 * (1 + Math.Cos(Math.PI * ((_options.NumCycles ?? 1) * over % 1))));

    private double Polynomial(long step)
    {
        if (_peak == 0)
            return 0;
        if (step >= _total)
            return PolynomialFloor / _peak;
        var rest = 1 - ((double)(step - _warmup) / (_total - _warmup));
        return (((_peak - PolynomialFloor) * Math.Pow(rest, _options.Power ?? 1)) + PolynomialFloor) / _peak;
    }

    private double InverseSqrt(long step)
    {
        var scale = _options.Timescale ?? (_warmup > 0 ? _warmup : InverseSqrtSteps);
        return 1 / Math.Sqrt((double)(step + scale - _warmup) / scale);
    }

    private double Decay(long step)
    {
        var start = _total - DecaySteps;
        if (step < start)
            return 1;
        var share = (double)(step - start) / DecaySteps;
        if (share >= 1)
            return MinRatio;
        var factor = (_options.DecayType ?? ScheduleShape.Cosine) switch
        {
            ScheduleShape.Linear => 1 - share,
            ScheduleShape.Cosine => 0.5 * (1 + Math.Cos(Math.PI * 2 * (_options.NumCycles ?? 0.5) * share)),
            _ => 1 - Math.Sqrt(share),
        };
        return Lifted(factor);
    }

    private double Lifted(double factor) => Math.Max(0, (factor * (1 - MinRatio)) + MinRatio);
}
