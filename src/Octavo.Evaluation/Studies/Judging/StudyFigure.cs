using Octavo.Evaluation.Metrics;

namespace Octavo.Evaluation.Studies.Judging;

/// <summary>What cells come to in one metric.</summary>
/// <param name="Value">The mean of seeds of the mean of cells; no number where there is none.</param>
/// <param name="Interval">95 %; none where nothing varies that could be drawn again.</param>
/// <param name="Seeds">Seeds that are in it.</param>
/// <param name="Samples">Samples that are in it; 0 where rows have none.</param>
internal sealed record StudyFigure(double Value, Interval Interval, int Seeds, int Samples)
{
    /// <summary>Cells of the plan that belong to it.</summary>
    public int Planned { get; init; }

    /// <summary>Those of them that were not run.</summary>
    public int Missing { get; init; }

    /// <summary>Those that failed, each with its reason.</summary>
    public IReadOnlyList<string> Failures { get; init; } = [];

    /// <summary>Why it does not count; null where it does.</summary>
    public string? Off { get; init; }

    /// <summary>Nothing.</summary>
    public static StudyFigure None { get; } = new(double.NaN, Interval.None, 0, 0);
}
