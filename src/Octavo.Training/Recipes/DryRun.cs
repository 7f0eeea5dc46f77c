using System.Diagnostics;
using Octavo.Nn.Optimizers;
using Octavo.Training.Configuration;
using Octavo.Training.Steps;

namespace Octavo.Training.Recipes;

/// <summary>What one step told of a run.</summary>
/// <param name="Steps">Steps of the whole run.</param>
/// <param name="TrainedParameters">Numbers that are trained.</param>
/// <param name="StepTokens">Tokens of the step, without padding.</param>
/// <param name="TokensPerSecond">Of a second step, the first one being slower.</param>
/// <param name="Loss">Mean loss of its targets.</param>
/// <param name="Estimated">What was expected of memory.</param>
/// <param name="PeakBytes">The most that the process had.</param>
internal sealed record DryRunReport(
    long Steps, long TrainedParameters, long StepTokens, double TokensPerSecond, double Loss, TrainingMemory Estimated, long PeakBytes);

/// <summary>Two steps of a run on its own data; nothing is written.</summary>
internal static class DryRun
{
    public static DryRunReport Run(TrainConfig train, TrainingModel model, RunData data, RunHost host)
    {
        var estimated = model.MemoryFor(data.MostTokens);
        model.LoadWeights(data.MostTokens, host.FreeMemory);
        if (model.Doubt() is { } doubt)
            host.Tell(doubt);
        var trained = model.Decoder.Trained;
        using var optimizer = new AdamW(trained);
        var batch = data.Next(0);
        var (loss, seconds) = (0.0, 0.0);
        for (var i = 0; i < 2; i++)
        {
            host.Cancellation.ThrowIfCancellationRequested();
            var watch = Stopwatch.StartNew();
            var step = GradientStep.Run(model.Decoder, batch, train.ReduceLoss, 0);
            if (i == 0)
                loss = step.PerToken;
            model.Decoder.BeginChange();
            optimizer.Step(0, Clipping.Scale(optimizer.GradientNorm(), train.Optimizer.MaxGradNorm));
            optimizer.ZeroGradients();
            seconds = watch.Elapsed.TotalSeconds;
        }
        var tokens = batch.Sum(rows => (long)rows.Tokens.Count);
        using var self = Process.GetCurrentProcess();
        return new DryRunReport(data.Plan.Total, trained.Sum(part => part.Value.numel()), tokens, tokens / seconds, loss, estimated, self.PeakWorkingSet64);
    }
}
