using Octavo.Core;
using Octavo.Evaluation.Tasks;
using Octavo.Training.Configuration;
using Octavo.Training.Data;
using Octavo.Training.Data.Chats;
using Octavo.Training.Data.Mixtures;
using Octavo.Training.Steps;

namespace Octavo.Training.Recipes;

/// <summary>The batches of a run, step by step.</summary>
internal sealed class RunData : IDisposable
{
    private readonly BatchStream _batches;

    private RunData(BatchStream batches, StreamReport report, StepPlan plan) => (_batches, Report, Plan) = (batches, report, plan);

    /// <summary>What became of the rows.</summary>
    public StreamReport Report { get; }

    public StepPlan Plan { get; }

    /// <summary>Tokens of the largest micro-batch there can be.</summary>
    public required long MostTokens { get; init; }

    /// <summary>What the report asks before and after; none without a file of them.</summary>
    public required IReadOnlyList<string> Prompts { get; init; }

    /// <summary>Tasks that the model is asked while it is trained.</summary>
    public required IReadOnlyList<(EvaluationTask Task, IReadOnlyList<EvaluationSample> Samples)> Tasks { get; init; }

    /// <summary>The place between two steps.</summary>
    public BatchPosition Position => _batches.Position;

    /// <summary>Opens conversations; every row is read and encoded once, so that a bad one is found before the first step.</summary>
    public static RunData Of(SftConfig config, TrainingModel model, RunHost host) =>
        Open(ConfiguredData.Of(config, MaxLength(config.Train, model)), model.Chat, config.Train, model, host);

    /// <summary>Opens texts, joined and cut into whole rows.</summary>
    public static RunData Of(PretrainConfig config, TrainingModel model, RunHost host) =>
        Open(ConfiguredData.Of(config, MaxLength(config.Train, model)), null, config.Train, model, host);

    /// <summary>The examples of an evaluation file in batches, always the same.</summary>
    public static IReadOnlyList<SupervisedRows> Evaluation(string file, TrainConfig train, TrainingModel model, bool isText)
    {
        var length = MaxLength(train, model);
        var encoder = new ExampleEncoder(model.Tokenizer, isText ? null : model.Chat, isText ? new EncodingOptions() : new EncodingOptions { MaxLength = length });
        using var stream = new BatchStream(
            new ExampleStream(Mixture.Open(new MixtureOptions { Datasets = [new DatasetOptions { Path = file, Form = isText ? "text" : null }], Shuffle = false }), encoder, 1),
            new BatchOptions { Rows = train.PerDeviceTrainBatchSize, Layout = isText ? BatchLayout.Wrap : BatchLayout.Pad, Length = length });
        List<SupervisedRows> all = [];
        while (stream.Next() is { } batch)
        {
            if (batch.Targets > 0)
                all.Add(Rows(batch));
        }
        return all.Count > 0 ? all : throw new ConfigException($"{file}: nothing in it is to be predicted, so there is no loss to evaluate.");
    }

    /// <summary>The micro-batches of a step.</summary>
    /// <param name="step">Steps done before it.</param>
    public IReadOnlyList<SupervisedRows> Next(long step)
    {
        List<SupervisedRows> micro = [];
        for (var i = Plan.MicroBatches(step); i > 0; i--)
            micro.Add(Rows(_batches.Next() ?? throw new InputFileException("the data ended before the run did: files were changed meanwhile.")));
        return micro;
    }

    public void Restore(BatchPosition position) => _batches.Restore(position);

    public void Dispose() => _batches.Dispose();

    private static SupervisedRows Rows(Batch batch) => SupervisedRows.Of(batch.Length, batch.Ids, batch.Labels, batch.Documents);

    private static int MaxLength(TrainConfig train, TrainingModel model)
    {
        var context = model.Description.ContextLength;
        if (train.MaxSeqLength > context)
            throw new ConfigException($"max_seq_length is {train.MaxSeqLength}, but the model was made for {context} tokens. Give at most that.");
        return train.MaxSeqLength ?? context;
    }

    private static RunData Open(ConfiguredData data, ChatEncoder? chat, TrainConfig train, TrainingModel model, RunHost host)
    {
        var prompts = train.Reports.SamplePromptsFile is { } file ? RunSamples.Read(file) : [];
        var tasks = RunTasks.Read(train.Reports);
        // steps decide where they are given: the stream then has as many epochs as they need
        var examples = new ExampleStream(
            Mixture.Open(data.Mixture, cancellationToken: host.Cancellation), new ExampleEncoder(model.Tokenizer, chat, data.Encoding),
            train.MaxTrainSteps is null ? train.NumTrainEpochs : int.MaxValue);
        var batches = new BatchStream(examples, data.Batches);
        try
        {
            var report = examples.Scan(cancellationToken: host.Cancellation);
            var plan = new StepPlan(train.GradientAccumulationSteps, train.NumTrainEpochs, train.MaxTrainSteps, batches.CountBatches);
            var longest = data.Batches.Layout == BatchLayout.Pad ? Math.Min(report.Longest, data.Batches.Length) : data.Batches.Length;
            return new RunData(batches, report, plan) { MostTokens = (long)data.Batches.Rows * longest, Prompts = prompts, Tasks = tasks };
        }
        catch
        {
            batches.Dispose();
            throw;
        }
    }
}
