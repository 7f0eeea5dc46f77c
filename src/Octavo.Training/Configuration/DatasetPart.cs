namespace Octavo.Training.Configuration;

/// <summary>A dataset of a mixture; exactly one of the three numbers is set, and the last in all datasets of a mixture or in none.</summary>
/// <param name="Path">The file or folder.</param>
/// <param name="Weight">Which share of its rows is taken, in (0, 1].</param>
/// <param name="Count">How many of its rows are taken.</param>
/// <param name="SamplingWeight">How often its rows are drawn, in proportion to the other weights; all of them may be.</param>
internal sealed record DatasetPart(string Path, double? Weight, long? Count, double? SamplingWeight = null);

/// <summary>Datasets that are shuffled, cut and joined, in order.</summary>
/// <param name="Parts">At least one.</param>
internal sealed record DatasetMixer(IReadOnlyList<DatasetPart> Parts)
{
    public bool Equals(DatasetMixer? other) => other is not null && Parts.SequenceEqual(other.Parts);

    public override int GetHashCode() => Parts.Aggregate(0, HashCode.Combine);
}

/// <summary>How often something happens: after every so many optimizer steps, or at the end of each epoch.</summary>
/// <param name="Steps">The steps, or null for each epoch.</param>
internal readonly record struct Interval(long? Steps)
{
    /// <summary>The word for each epoch.</summary>
    public const string EpochWord = "epoch";

    /// <summary>At the end of each epoch.</summary>
    public static Interval Epoch => new(null);

    public override string ToString() => Steps is { } steps ? steps.ToString(System.Globalization.CultureInfo.InvariantCulture) : EpochWord;
}

/// <summary>Which checkpoint a run begins from.</summary>
/// <param name="Text"><c>auto</c>, <c>never</c>, or a path.</param>
internal readonly record struct ResumeChoice(string Text)
{
    /// <summary>The newest complete one of the output folder, if there is one.</summary>
    public static ResumeChoice Auto => new("auto");

    /// <summary>None; an output folder with checkpoints is refused.</summary>
    public static ResumeChoice Never => new("never");

    /// <summary>The checkpoint's folder, or null for auto and never.</summary>
    public string? Path => this == Auto || this == Never ? null : Text;
}
