namespace Octavo.Training.Data.Mixtures;

/// <summary>One data file of a mixture. At most one of count, fraction, amount and weight is given.</summary>
internal sealed record DatasetOptions
{
    /// <summary>The file: JSONL, a JSON array or Parquet.</summary>
    public required string Path { get; init; }

    /// <summary>How many rows are taken.</summary>
    public int? Count { get; init; }

    /// <summary>Which share of the rows is taken, above 0 and up to 1.</summary>
    public double? Fraction { get; init; }

    /// <summary>A count or a share: counts for the whole list as soon as one of its numbers is above 1.</summary>
    public double? Amount { get; init; }

    /// <summary>How often rows of this file are drawn, in proportion to the other weights. All files have one or none has.</summary>
    public double? Weight { get; init; }

    /// <summary>The form of its rows; null: by the columns.</summary>
    public string? Form { get; init; }

    /// <summary>For columns of other names: the usual name and the name in the file.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();
}

/// <summary>What is learned from, and in which order.</summary>
internal sealed record MixtureOptions
{
    /// <summary>The files, at least one.</summary>
    public required IReadOnlyList<DatasetOptions> Datasets { get; init; }

    /// <summary>Decides which rows of a file are taken.</summary>
    public ulong SelectionSeed { get; init; } = 42;

    /// <summary>Decides the order of each epoch.</summary>
    public ulong Seed { get; init; } = 123;

    /// <summary>False takes rows from the first on, and the files one after the other.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Rows that are taken at most, of all files together; which ones the selection's seed decides.</summary>
    public int? MostRows { get; init; }

    /// <summary>With weights: draws of an epoch; null: as many as there are rows.</summary>
    public int? DrawsPerEpoch { get; init; }
}
