// The recipe of the toy: a Llama of two layers learns from nothing to look up keys in its context. It begins with 4 pairs and goes on to
// 32 as it gets them right, since the two heads that it takes (one that looks back by a word, one that finds the key's other place)
// appear only where there is little to confuse them. Every context is fresh, so accuracy on a step's batch is accuracy on what is new.
using System.Diagnostics;
using Octavo.Core;
using Octavo.Nn.Decoder;
using Octavo.Nn.Losses;
using Octavo.Nn.Optimizers;
using Octavo.Training.Schedules;
using Octavo.Training.Steps;

namespace Octavo.Systems.ScBench.Toy;

/// <summary><c>octavo train scbench-toy</c>.</summary>
internal static class ToyRecipe
{
    private const int FirstPairs = 4;
    private const double Memory = 0.9;
    private const double MaxNorm = 1;
    private const int ExamEvery = 50;
    private const int ExamContexts = 256;

    // beside the seed: contexts of the exam are none of training
    private const ulong ExamStream = 0x5C_BE_7C_4B_00_00_00_00;

    /// <summary>Trains and writes the model.</summary>
    /// <param name="config">How.</param>
    /// <param name="told">Told of every step.</param>
    /// <param name="cancellationToken">Ends it within a step; nothing is written then.</param>
    public static ToyOutcome Run(ToyConfig config, Action<ToyStep>? told = null, CancellationToken cancellationToken = default)
    {
        var start = Stopwatch.GetTimestamp();
        using var begin = ToyModel.Begin(config);
        using var decoder = new TrainableDecoder(begin.Checkpoint);
        using var adam = new AdamW(decoder.Trained, new AdamWOptions { WeightDecay = config.WeightDecay });
        var schedule = new Schedule(ScheduleKind.Linear, config.LearningRate, Math.Min(config.WarmupSteps, config.MaxTrainSteps), config.MaxTrainSteps);
        var random = new SeededRandom((ulong)config.Seed);
        var (step, pairs, accuracy, exam) = (0L, FirstPairs, 0.0, 0.0);
        while (step < config.MaxTrainSteps && exam <= config.Goal)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var batch = ToyBatch.Draw(random, config.BatchSize, pairs, config.Queries);
            var losses = Gradients(decoder, batch);
            var norm = adam.GradientNorm();
            decoder.BeginChange();
            adam.Step(schedule.At(step), Clipping.Scale(norm, MaxNorm));
            adam.ZeroGradients();
            step++;

            accuracy = (Memory * accuracy) + ((1 - Memory) * ToyBatch.Accuracy(losses));
            told?.Invoke(new ToyStep(step, pairs, losses.Average(), accuracy));
            if (accuracy > config.Promotion && pairs < ToyTask.MostPairs)
                (pairs, accuracy) = (2 * pairs, 0);
            if (pairs == ToyTask.MostPairs && step % ExamEvery == 0 && accuracy > config.Goal - 0.01)
                exam = Examine(decoder, config);
        }
        exam = Examine(decoder, config);
        var outcome = new ToyOutcome(step, pairs, exam, Stopwatch.GetElapsedTime(start).TotalMinutes);
        ToyModel.Write(config, outcome, begin.Checkpoint, decoder);
        return outcome;
    }

    // losses of the targets; the mean is what is learned
    private static float[] Gradients(TrainableDecoder decoder, ToyBatch batch)
    {
        var each = new float[batch.Targets.Length];
        Array.Fill(each, 1f / each.Length);
        using var run = decoder.Forward(batch.Tokens);
        var losses = CrossEntropy.WithGradients(decoder, run, batch.Predicting, batch.Targets, each);
        run.Backward();
        return losses;
    }

    private static double Examine(TrainableDecoder decoder, ToyConfig config)
    {
        var batch = ToyBatch.Draw(new SeededRandom((ulong)config.Seed ^ ExamStream), ExamContexts, ToyTask.MostPairs, config.Queries);
        using var run = decoder.Forward(batch.Tokens, isTraining: false);
        return ToyBatch.Accuracy(CrossEntropy.Losses(decoder, run.Hidden, batch.Predicting, batch.Targets));
    }
}

/// <summary>What is known after a step.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Pairs">Pairs of its contexts.</param>
/// <param name="Loss">Mean loss of its targets in nats.</param>
/// <param name="Accuracy">The running accuracy at so many pairs.</param>
internal readonly record struct ToyStep(long Step, int Pairs, double Loss, double Accuracy);

/// <summary>How the training came out.</summary>
/// <param name="Steps">Steps done.</param>
/// <param name="Pairs">Pairs that it got to.</param>
/// <param name="Accuracy">On fresh contexts of 32 pairs: both words of the answer right.</param>
/// <param name="Minutes">Time of all of it.</param>
internal sealed record ToyOutcome(long Steps, int Pairs, double Accuracy, double Minutes);
