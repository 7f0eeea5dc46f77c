using Octavo.Training.Configuration;

namespace Octavo.Training.Steps;

/// <summary>What a token's loss counts in a step, by the reduction. All targets of a micro-batch count alike.</summary>
/// <param name="Reduction">The reduction.</param>
/// <param name="MicroBatches">Micro-batches of the step.</param>
/// <param name="StepTargets">Targets of all of them.</param>
internal readonly record struct LossWeights(LossReduction Reduction, int MicroBatches, long StepTargets)
{
    /// <summary>The factor of each loss of a micro-batch.</summary>
    /// <param name="targets">Its targets.</param>
    public double Of(int targets) => Reduction switch
    {
        LossReduction.Sum => 1.0 / MicroBatches,
        LossReduction.MeanMicro => 1.0 / ((double)targets * MicroBatches),
        _ => 1.0 / StepTargets,
    };
}
