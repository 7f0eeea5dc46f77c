using Octavo.Core;
using Octavo.Training.Configuration;
using Octavo.Training.Data.Chats;
using Octavo.Training.Data.Mixtures;

namespace Octavo.Training.Data;

/// <summary>What a recipe's configuration says about its data.</summary>
/// <param name="Mixture">The files and what is taken of them.</param>
/// <param name="Encoding">How rows become examples.</param>
/// <param name="Batches">How examples become batches.</param>
internal sealed record ConfiguredData(MixtureOptions Mixture, EncodingOptions Encoding, BatchOptions Batches)
{
    /// <summary>The endings of files that a folder of texts is searched for.</summary>
    private static readonly string[] _endings = [".txt", ".md", ".jsonl", ".ndjson", ".json", ".parquet"];

    /// <summary>The data of supervised fine-tuning.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="context">The model's context in tokens, for where no length is set; null: there is no limit.</param>
    public static ConfiguredData Of(SftConfig config, int? context)
    {
        var (data, train) = (config.Data, config.Train);
        var (form, columns) = Columns(data.DatasetColumns);
        var files = data.DatasetMixer?.Parts ?? [new DatasetPart(data.TrainFile!, null, null)];
        var length = train.MaxSeqLength ?? context;
        int? most = data.MaxTrainSamples is { } samples ? (int)Math.Min(samples, int.MaxValue) : null;
        var areDrawn = files[0].SamplingWeight is not null;
        return new ConfiguredData(
            new MixtureOptions
            {
                Datasets = [.. files.Select(file => new DatasetOptions
                {
                    Path = file.Path,
                    Fraction = file.Weight,
                    Count = file.Count is { } count ? checked((int)count) : null,
                    Weight = file.SamplingWeight,
                    Form = form,
                    Columns = columns,
                })],
                SelectionSeed = (ulong)data.DatasetMixerSeed,
                Seed = (ulong)train.Seed,
                MostRows = areDrawn ? null : most,
                DrawsPerEpoch = areDrawn ? most : null,
            },
            new EncodingOptions
            {
                MaxLength = length,
                TooLong = data.Truncation switch
                {
                    Truncation.Drop => LengthPolicy.Drop,
                    Truncation.Error => LengthPolicy.Refuse,
                    _ => LengthPolicy.Truncate,
                },
            },
            new BatchOptions
            {
                Rows = train.PerDeviceTrainBatchSize,
                Layout = data.Packing ? BatchLayout.Pack : BatchLayout.Pad,
                Length = length ?? new BatchOptions().Length,
            });
    }

    /// <summary>The data of pre-training: documents, cut where a row is full.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="context">The model's context in tokens, for where no length is set.</param>
    /// <exception cref="InputFileException">A folder holds no data files.</exception>
    public static ConfiguredData Of(PretrainConfig config, int context) => new(
        new MixtureOptions
        {
            Datasets = [.. config.Data.TextFiles.SelectMany(Files).Select(path => new DatasetOptions
            {
                Path = path,
                Form = "text",
                Columns = Path.GetExtension(path) is ".txt" or ".md"
                    ? []
                    : new Dictionary<string, string> { ["text"] = config.Data.TextColumn },
            })],
            Seed = (ulong)config.Train.Seed,
        },
        new EncodingOptions(),
        new BatchOptions
        {
            Rows = config.Train.PerDeviceTrainBatchSize,
            Layout = BatchLayout.Wrap,
            Length = config.Train.MaxSeqLength ?? context,
        });

    // in ordinal order, so that a run is the same on every machine
    private static IEnumerable<string> Files(string path)
    {
        if (!Directory.Exists(path))
            return [path];
        var files = Directory.EnumerateFiles(path).Where(file => _endings.Contains(Path.GetExtension(file).ToLowerInvariant()))
            .Order(StringComparer.Ordinal).ToList();
        return files.Count > 0 ? files : throw new InputFileException($"{path} holds no data files ({string.Join(", ", _endings)}).");
    }

    private static (string? Form, Dictionary<string, string> Columns) Columns(ColumnsConfig config)
    {
        var columns = new Dictionary<string, string>();
        foreach (var (name, column) in (ReadOnlySpan<(string, string?)>)
            [("messages", config.Messages), ("prompt", config.Prompt), ("completion", config.Completion), ("system", config.System)])
        {
            if (column is not null)
                columns.Add(name, column);
        }
        return (config.Messages is not null ? "messages" : config.Prompt is not null ? "prompt-completion" : null, columns);
    }
}
