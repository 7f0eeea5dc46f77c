namespace Octavo.Training.Configuration;

/// <summary>AdamW with decoupled weight decay, and the clipping before it.</summary>
internal sealed record OptimizerConfig : IHasProblems
{
    [Setting("The highest learning rate of the schedule.", Sources.OpenInstruct, AtLeast = 0)]
    public double LearningRate { get; init; } = 2e-5;

    [Setting("Share of a weight that is taken off per step, times the learning rate; of every parameter, norms included.",
        Sources.OpenInstruct, AtLeast = 0)]
    public double WeightDecay { get; init; }

    [Setting("Decay of the mean of gradients.", Sources.Torch, AtLeast = 0, Below = 1)]
    public double AdamBeta1 { get; init; } = 0.9;

    [Setting("Decay of the mean of squared gradients.", Sources.Torch, AtLeast = 0, Below = 1)]
    public double AdamBeta2 { get; init; } = 0.999;

    [Setting("Added to the root of the squared gradients' mean.", Sources.Torch, AtLeast = 0)]
    public double AdamEpsilon { get; init; } = 1e-8;

    [Setting("The norm over all gradients is brought down to this; -1 or 0 is off.", Sources.OpenInstruct)]
    public double ClipGradNorm { get; init; } = -1;

    /// <summary>The norm to clip to, or null where clipping is off.</summary>
    public double? MaxGradNorm => ClipGradNorm > 0 ? ClipGradNorm : null;

    public IEnumerable<ConfigProblem> Problems()
    {
        if (ClipGradNorm is < 0 and not -1)
            yield return new("clip_grad_norm", "must be above 0, or -1 or 0 for no clipping.");
    }
}
