using Octavo.Core;
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

    /// <summary>The place between two steps.</summary>
    public BatchPosition Position => _batches.Position;

    /// <summary>Opens conversations; every row is read and encoded once, so that a bad one is found before the first step.</summary>
    public static RunData OfConversations(ConversationDataConfig data, TrainConfig train, TrainingModel model, RunHost host)
    {
        var encoder = Encoder(model, data.Truncation, MaxLength(train, model));
        var layout = new BatchOptions
        {
            Rows = train.PerDeviceTrainBatchSize, Layout = data.Packing ? BatchLayout.Pack : BatchLayout.Pad, Length = MaxLength(train, model),
        };
        return Open(new MixtureOptions { Datasets = Datasets(data), SelectionSeed = (ulong)data.DatasetMixerSeed, Seed = (ulong)train.Seed }, encoder, layout, train, host);
    }

    /// <summary>Opens texts, joined and cut into whole rows.</summary>
    public static RunData OfTexts(TextDataConfig data, TrainConfig train, TrainingModel model, RunHost host)
    {
        var columns = data.TextColumn == "text" ? new Dictionary<string, string>() : new Dictionary<string, string> { ["text"] = data.TextColumn };
        var layout = new BatchOptions { Rows = train.PerDeviceTrainBatchSize, Layout = BatchLayout.Wrap, Length = MaxLength(train, model) };
        return Open(new MixtureOptions
        {
            Datasets = [.. data.TextFiles.Select(file => new DatasetOptions { Path = file, Form = "text", Columns = columns })], Seed = (ulong)train.Seed,
        }, new ExampleEncoder(model.Tokenizer, null, new EncodingOptions()), layout, train, host);
    }

    /// <summary>The examples of an evaluation file in batches, always the same.</summary>
    public static IReadOnlyList<SupervisedRows> Evaluation(string file, TrainConfig train, TrainingModel model, bool isText)
    {
        var encoder = isText ? new ExampleEncoder(model.Tokenizer, null, new EncodingOptions()) : Encoder(model, Truncation.Right, MaxLength(train, model));
        using var stream = new BatchStream(
            new ExampleStream(Mixture.Open(new MixtureOptions { Datasets = [new DatasetOptions { Path = file, Form = isText ? "text" : null }], Shuffle = false }), encoder, 1),
            new BatchOptions { Rows = train.PerDeviceTrainBatchSize, Layout = isText ? BatchLayout.Wrap : BatchLayout.Pad, Length = MaxLength(train, model) });
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

    private static ExampleEncoder Encoder(TrainingModel model, Truncation truncation, int length)
    {
        var chat = model.Template is { } template ? new ChatEncoder(template, model.Tokenizer, LearnedTurns.All) : null;
        return new ExampleEncoder(model.Tokenizer, chat, new EncodingOptions
        {
            MaxLength = length,
            TooLong = truncation switch { Truncation.Drop => LengthPolicy.Drop, Truncation.Error => LengthPolicy.Refuse, _ => LengthPolicy.Truncate },
        });
    }

    private static List<DatasetOptions> Datasets(ConversationDataConfig data)
    {
        Dictionary<string, string> columns = [];
        foreach (var (usual, name) in (ReadOnlySpan<(string, string?)>)[
            ("messages", data.DatasetColumns.Messages), ("prompt", data.DatasetColumns.Prompt), ("completion", data.DatasetColumns.Completion), ("system", data.DatasetColumns.System)])
        {
            if (name is not null)
                columns[usual] = name;
        }
        if (data.TrainFile is { } file)
            return [new DatasetOptions { Path = file, Columns = columns, Count = (int?)data.MaxTrainSamples }];
        if (data.MaxTrainSamples is not null)
            throw new UnsupportedException("max_train_samples with a dataset_mixer is not supported yet; give each dataset a count.");
        return [.. data.DatasetMixer!.Parts.Select(part => new DatasetOptions { Path = part.Path, Fraction = part.Weight, Count = (int?)part.Count, Columns = columns })];
    }

    private static RunData Open(MixtureOptions mixture, ExampleEncoder encoder, BatchOptions layout, TrainConfig train, RunHost host)
    {
        // steps decide where they are given: the stream then has as many epochs as they need
        var examples = new ExampleStream(Mixture.Open(mixture, cancellationToken: host.Cancellation), encoder, train.MaxTrainSteps is null ? train.NumTrainEpochs : int.MaxValue);
        var batches = new BatchStream(examples, layout);
        try
        {
            var report = examples.Scan(cancellationToken: host.Cancellation);
            var plan = new StepPlan(train.GradientAccumulationSteps, train.NumTrainEpochs, train.MaxTrainSteps, batches.CountBatches);
            var longest = layout.Layout == BatchLayout.Pad ? Math.Min(report.Longest, layout.Length) : layout.Length;
            return new RunData(batches, report, plan) { MostTokens = (long)layout.Rows * longest };
        }
        catch
        {
            batches.Dispose();
            throw;
        }
    }
}
