// Pre-training: a new model from texts, cut into whole rows, every token of which is learned.
using Octavo.Training.Checkpoints;
using Octavo.Training.Configuration;

namespace Octavo.Training.Recipes;

/// <summary><c>octavo train pretrain</c>.</summary>
internal static class Pretrain
{
    /// <summary>Runs it, or goes on with it.</summary>
    public static RunOutcome Run(PretrainConfig config, RunHost host)
    {
        var train = config.Train;
        using var store = CheckpointStore.Open(train.OutputDir, train.Checkpoints.Keep, host.Tell);
        using var model = Open(config, Path.Combine(train.OutputDir, "initial"), host);
        using var data = RunData.Of(config, model, host);
        var evaluation = train.Reports.EvalFile is { } file ? RunData.Evaluation(file, train, model, isText: true) : [];
        model.LoadWeights(data.MostTokens, host.FreeMemory);
        using var run = new TrainingRun<PretrainConfig>(config, model, data, store, host);
        return Sft.Loop(run, train, model.Decoder, data, evaluation);
    }

    /// <summary>One step of it, told and forgotten.</summary>
    public static DryRunReport DryRun(PretrainConfig config, RunHost host)
    {
        var folder = Directory.CreateTempSubdirectory("octavo-").FullName;
        try
        {
            using var model = Open(config, Path.Combine(folder, "initial"), host);
            using var data = RunData.Of(config, model, host);
            return Recipes.DryRun.Run(config.Train, model, data, host);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // the new model is a folder like any other: what it began with can be looked at, and a run goes on from checkpoints as ever
    private static TrainingModel Open(PretrainConfig config, string folder, RunHost host)
    {
        var tokenizer = host.Models.Resolve(config.Model.TokenizerNameOrPath);
        NewModel.Write(folder, config.Model, tokenizer, (ulong)config.Train.Seed);
        return TrainingModel.Open(folder, null, null, config.Train);
    }
}
