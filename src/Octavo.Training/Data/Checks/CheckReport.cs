using Octavo.Training.Data.Forms;

namespace Octavo.Training.Data.Checks;

/// <summary>What was found in a file.</summary>
internal sealed class CheckReport
{
    private readonly SortedDictionary<FindingKind, long> _counts = [];
    private readonly List<Finding> _errors = [];
    private readonly List<Finding> _notes = [];

    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>What its numbers count: <c>line</c> or <c>row</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>The form of its rows.</summary>
    public required RowForm Form { get; init; }

    /// <summary>Rows of the file.</summary>
    public long Rows { get; set; }

    /// <summary>Rows with an error.</summary>
    public long BadRows { get; set; }

    /// <summary>What the rows become as tokens; null where no tokenizer was given.</summary>
    public StreamReport? Tokens { get; set; }

    /// <summary>How many rows have each kind of finding.</summary>
    public IReadOnlyDictionary<FindingKind, long> Counts => _counts;

    /// <summary>The first errors.</summary>
    public IReadOnlyList<Finding> Errors => _errors;

    /// <summary>The first of the other findings, at most three of a kind.</summary>
    public IReadOnlyList<Finding> Notes => _notes;

    /// <summary>Adds a finding; only the first are kept, all are counted.</summary>
    public void Add(Finding finding)
    {
        var count = _counts[finding.Kind] = _counts.GetValueOrDefault(finding.Kind) + 1;
        if (finding.Kind.IsError() && _errors.Count < MostErrors)
            _errors.Add(finding);
        else if (!finding.Kind.IsError() && count <= MostNotes)
            _notes.Add(finding);
    }

    /// <summary>Errors that are shown.</summary>
    public const int MostErrors = 20;

    private const int MostNotes = 3;
}
