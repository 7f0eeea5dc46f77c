namespace Octavo.Evaluation.Studies;

/// <summary>What running a cell gave.</summary>
/// <param name="Cell">Which one.</param>
internal sealed record StudyResult(StudyCell Cell)
{
    /// <summary>By name; no number is "not measured here". A metric that has <see cref="Samples"/> may be left out: it is their mean.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>A metric's values by sample, in the same order in all cells that share samples; of shares 0 to 1.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double>> Samples { get; init; } = new Dictionary<string, IReadOnlyList<double>>();

    /// <summary>Why the cell could not be run; null where it was.</summary>
    public string? Failure { get; init; }

    /// <summary>A cell that could not be run.</summary>
    public static StudyResult Failed(StudyCell cell, string why) => new(cell) { Failure = why };
}

/// <summary>What ran a cell.</summary>
/// <param name="Commit">The state of the sources.</param>
/// <param name="Command">The command line.</param>
/// <param name="Machine">Processor and count.</param>
internal sealed record StudyOrigin(string Commit, string Command, string Machine);

/// <summary>A line of <c>runs.jsonl</c>: what a cell gave, and where it came from.</summary>
/// <param name="Result">What it gave; each metric that has samples is their mean.</param>
/// <param name="Origin">What ran it.</param>
/// <param name="Seconds">How long it took; work that a group shares counts for the group's first cell.</param>
internal sealed record StudyRow(StudyResult Result, StudyOrigin Origin, double Seconds)
{
    public StudyCell Cell => Result.Cell;

    /// <summary>A metric; no number where it was not measured or the cell failed.</summary>
    public double this[string metric] => Result.Failure is null ? Result.Metrics.GetValueOrDefault(metric, double.NaN) : double.NaN;
}
