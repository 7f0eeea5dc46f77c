using Octavo.Nn.Decoder;
using Octavo.Nn.Losses;
using Octavo.Training.Configuration;

namespace Octavo.Training.Steps;

/// <summary>The forward and backward passes of one optimizer step; gradients are added up in the decoder.</summary>
internal static class GradientStep
{
    /// <summary>Runs every micro-batch.</summary>
    /// <param name="decoder">What is trained.</param>
    /// <param name="microBatches">At least one.</param>
    /// <param name="reduction">How losses are added up.</param>
    /// <param name="seed">Where random choices of the step begin.</param>
    public static StepLoss Run(TrainableDecoder decoder, IReadOnlyList<SupervisedRows> microBatches, LossReduction reduction, ulong seed)
    {
        var weights = new LossWeights(reduction, microBatches.Count, microBatches.Sum(batch => (long)batch.Targets.Length));
        var (sum, objective, tokens) = (0.0, 0.0, 0L);
        for (var i = 0; i < microBatches.Count; i++)
        {
            var batch = microBatches[i];
            var each = new float[batch.Targets.Length];
            Array.Fill(each, (float)weights.Of(each.Length));
            using var run = decoder.Forward(batch.Tokens.Filled(SupervisedRows.Multiple), seed + (ulong)i);
            var total = 0.0;
            foreach (var loss in CrossEntropy.WithGradients(decoder, run, batch.Predicting, batch.Targets, each))
                total += loss;
            run.Backward();
            sum += total;
            objective += total * weights.Of(each.Length);
            tokens += batch.Tokens.Count;
        }
        return new StepLoss(sum / weights.StepTargets, objective, weights.StepTargets, tokens);
    }
}

/// <summary>What a step's passes gave.</summary>
/// <param name="PerToken">The mean loss of a target in nats, whatever the reduction.</param>
/// <param name="Objective">The number that was minimized.</param>
/// <param name="Targets">Targets of the step.</param>
/// <param name="Tokens">Tokens of the step, without padding.</param>
internal sealed record StepLoss(double PerToken, double Objective, long Targets, long Tokens);
