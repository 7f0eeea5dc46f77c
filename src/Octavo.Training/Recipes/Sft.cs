// Supervised fine-tuning: the model learns to say what the assistant says in conversations, and nothing else of them.
// Reference: open-instruct's finetune.py at 26b7325 (SmolTulu's runs); its `sum` is reduce_loss: sum.
using Octavo.Core;
using Octavo.Nn.Decoder;
using Octavo.Nn.Losses;
using Octavo.Training.Checkpoints;
using Octavo.Training.Configuration;
using Octavo.Training.Data.Chats;
using Octavo.Training.Steps;

namespace Octavo.Training.Recipes;

/// <summary><c>octavo train sft</c>.</summary>
internal static class Sft
{
    /// <summary>Runs it, or goes on with it.</summary>
    public static RunOutcome Run(SftConfig config, RunHost host)
    {
        var train = config.Train;
        using var store = CheckpointStore.Open(train.OutputDir, train.Checkpoints.Keep, host.Tell);
        using var model = Open(config, host);
        using var data = RunData.Of(config, model, host);
        var evaluation = train.Reports.EvalFile is { } file ? RunData.Evaluation(file, train, model, isText: false) : [];
        model.LoadWeights(data.MostTokens, host.FreeMemory);
        using var run = new TrainingRun<SftConfig>(config, model, data, store, host);
        return Loop(run, train, model.Decoder, data, evaluation);
    }

    /// <summary>One step of it, told and forgotten.</summary>
    public static DryRunReport DryRun(SftConfig config, RunHost host)
    {
        using var model = Open(config, host);
        using var data = RunData.Of(config, model, host);
        return Recipes.DryRun.Run(config.Train, model, data, host);
    }

    private static TrainingModel Open(SftConfig config, RunHost host)
    {
        if (config.Model.TokenizerNameOrPath is { } other)
            throw new UnsupportedException($"tokenizer_name_or_path is {other}: a model is trained with its own tokenizer for now. Remove the key.");
        var template = config.Model.ChatTemplateName is { } name ? BuiltInTemplates.SourceOf(name) : null;
        if (template is not null && config.Adapter.UseLora)
            host.Tell($"an adapter carries no chat template: ask it with chat --chat-template and the template {config.Model.ChatTemplateName}, or merge it and give the model that template.");
        return TrainingModel.Open(host.Models.Resolve(config.Model.ModelNameOrPath), template, config.Adapter.UseLora ? config.Adapter : null, config.Train);
    }

    /// <summary>The loop, which pre-training shares: only what is learned of a text differs.</summary>
    internal static RunOutcome Loop<T>(
        TrainingRun<T> run, TrainConfig train, TrainableDecoder decoder, RunData data, IReadOnlyList<SupervisedRows> evaluation) where T : class, IRecipeConfig
    {
        run.Begin();
        try
        {
            while (run.Goes)
            {
                var batch = data.Next(run.Step);
                var loss = GradientStep.Run(decoder, batch, train.ReduceLoss, run.StepSeed);
                var norm = run.Adam.GradientNorm();
                run.Check(loss, norm, batch);

                var rate = run.Schedule.At(run.Step);
                decoder.BeginChange();
                run.Adam.Step(rate, Clipping.Scale(norm, train.Optimizer.MaxGradNorm));
                run.Adam.ZeroGradients();
                run.Done(loss, norm, rate);

                if (run.IsEvaluationDue)
                    run.Evaluated(Evaluate(decoder, evaluation));
                if (run.AreTasksDue)
                    run.AskTasks();
                if (run.AreSamplesDue)
                    run.AskPrompts();
                if (run.IsCheckpointDue)
                    run.Save();
            }
            return run.Finish();
        }
        catch (Exception error)
        {
            run.Fail(error);
            throw;
        }
    }

    /// <summary>Mean loss of all targets in nats.</summary>
    internal static double Evaluate(TrainableDecoder decoder, IReadOnlyList<SupervisedRows> batches)
    {
        var (sum, count) = (0.0, 0L);
        foreach (var batch in batches)
        {
            using var run = decoder.Forward(batch.Tokens.Filled(SupervisedRows.Multiple), isTraining: false);
            foreach (var loss in CrossEntropy.Losses(decoder, run.Hidden, batch.Predicting, batch.Targets))
                sum += loss;
            count += batch.Targets.Length;
        }
        return sum / count;
    }
}
