namespace Octavo.Evaluation.Tasks;

/// <summary>What a task is: data that a harness can list, and its samples.</summary>
internal abstract record EvaluationTask
{
    /// <summary>What it is called on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>Rises whenever an answer could be judged otherwise, or asked otherwise, than before; part of every fingerprint.</summary>
    public virtual int Version => 1;

    /// <summary>The metrics that its samples are given, the first one the headline.</summary>
    public abstract IReadOnlyList<MetricSpec> Metrics { get; }

    /// <summary>What else its samples of a split depend on, for the fingerprint.</summary>
    public virtual string Settings(string split) => "";

    /// <summary>The first samples of a split, always in the same order.</summary>
    /// <param name="split">Such as "test".</param>
    /// <param name="limit">How many.</param>
    /// <param name="seed">Seeds what is drawn.</param>
    public abstract IReadOnlyList<EvaluationSample> Samples(string split, int limit, ulong seed);
}

/// <summary>How a metric's values become one figure.</summary>
/// <param name="Name">Such as "exact_match".</param>
/// <param name="IsRate">True: a share of samples, with Wilson's interval. False: a sum divided by the sum of weights, with a bootstrap.</param>
internal sealed record MetricSpec(string Name, bool IsRate = true);
