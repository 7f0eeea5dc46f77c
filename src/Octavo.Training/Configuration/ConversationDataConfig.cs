namespace Octavo.Training.Configuration;

/// <summary>Conversations to learn from.</summary>
internal sealed record ConversationDataConfig : IHasProblems
{
    [Setting("Datasets with the share (up to 1) or number of rows that is taken of each: a mapping, or a list of path and weight, count or sampling_weight.",
        Sources.OpenInstruct)]
    public DatasetMixer? DatasetMixer { get; init; }

    [Setting("One dataset, all of it: JSONL, JSON or Parquet.", Sources.OpenInstruct, Text = TextKind.Path)]
    public string? TrainFile { get; init; }

    [Setting("Where the shuffling of each dataset starts, before its share is taken.", Sources.OpenInstruct, AtLeast = 0)]
    public long DatasetMixerSeed { get; init; } = 42;

    [Setting("Rows that are used at most, of all datasets together; with sampling_weight, the draws of an epoch.", Sources.OpenInstruct, AtLeast = 1)]
    public long? MaxTrainSamples { get; init; }

    /// <summary>Names of the columns, where they are not found by themselves.</summary>
    [Section]
    public ColumnsConfig DatasetColumns { get; init; } = new();

    [Setting("An example longer than max_seq_length: right cuts its end, drop leaves it out, error refuses the run.", Sources.Octavo)]
    public Truncation Truncation { get; init; } = Truncation.Right;

    [Setting("Puts several examples into one row, none of which sees another.", Sources.Octavo)]
    public bool Packing { get; init; }

    public IEnumerable<ConfigProblem> Problems()
    {
        if (DatasetMixer is null && TrainFile is null)
            yield return new("dataset_mixer", "or train_file is needed: there is nothing to learn from.");
        if (DatasetMixer is not null && TrainFile is not null)
            yield return new("train_file", "and dataset_mixer are both given. Put the file into dataset_mixer, or remove one.");
        if (DatasetColumns.Messages is not null && DatasetColumns is not { Prompt: null, Completion: null, System: null })
            yield return new("dataset_columns.messages",
                "holds whole conversations; prompt, completion and system are of the other layout. Remove one of the two.");
        if (DatasetColumns.Prompt is null != DatasetColumns.Completion is null)
        {
            var (missing, given) = DatasetColumns.Prompt is null ? ("prompt", "completion") : ("completion", "prompt");
            yield return new($"dataset_columns.{missing}", $"is needed: it goes together with {given}.", $"dataset_columns.{given}");
        }
    }
}

/// <summary>Columns by name.</summary>
internal sealed record ColumnsConfig
{
    [Setting("Lists of role and content.", Sources.Octavo)]
    public string? Messages { get; init; }

    [Setting("What is asked.", Sources.Octavo)]
    public string? Prompt { get; init; }

    [Setting("What is to be answered.", Sources.Octavo)]
    public string? Completion { get; init; }

    [Setting("The system message, if rows have one.", Sources.Octavo)]
    public string? System { get; init; }
}
