using Octavo.Core;
using Octavo.Evaluation.Metrics;

namespace Octavo.Evaluation.Studies.Judging;

/// <summary>Makes figures of a study's rows. Pure: equal rows give equal figures, bootstraps included.</summary>
internal sealed class StudyFigures(StudyPlan plan, StudyRows rows)
{
    private readonly CellStanding _standing = new(plan, rows);

    /// <summary>All cells of the plan.</summary>
    public IReadOnlyList<StudyCell> Cells { get; } = plan.Cells();

    public StudyPlan Plan => plan;

    public StudyRows Rows => rows;

    /// <summary>Why a cell does not count; null where it does.</summary>
    public string? Off(StudyCell cell) => _standing.Off(cell);

    /// <summary>
    /// The mean of what there is of some cells. Those that do not count are left out, unless none does: then the figure says so. Its interval
    /// is Wilson's over all samples of a share, and the bootstrap over seeds where there are several, the wider at each end; of other metrics with one seed
    /// the bootstrap over samples.
    /// </summary>
    /// <param name="metric">Of which metric.</param>
    /// <param name="cells">Of the plan.</param>
    public StudyFigure Mean(StudyMetric metric, IReadOnlyList<StudyCell> cells)
    {
        var counting = cells.Where(cell => Off(cell) is null).ToList();
        var off = counting.Count == 0 && cells.Count > 0 ? Off(cells[0]) : null;
        var used = off is null ? counting : cells;
        var there = used.Select(cell => rows[cell]).OfType<StudyRow>().ToList();
        var measured = there.Where(row => !double.IsNaN(row[metric.Name])).ToList();
        var seeds = measured.GroupBy(row => row.Cell.Seed).Select(group => group.Average(row => row[metric.Name])).ToList();
        var samples = measured.Select(row => row.Result.Samples.GetValueOrDefault(metric.Name)).OfType<IReadOnlyList<double>>().SelectMany(values => values).ToList();
        return (seeds.Count == 0 ? StudyFigure.None : new StudyFigure(seeds.Average(), Spread(metric, cells[0], seeds, samples), seeds.Count, samples.Count)) with
        {
            Planned = used.Count,
            Missing = used.Count - there.Count,
            Failures = [.. there.Select(row => row.Result.Failure).OfType<string>()],
            Off = off,
        };
    }

    /// <summary>A claim's figure: strict, with only the seeds of which every cell is there, and paired sample by sample.</summary>
    public (StudyFigure Figure, string? Lacking) Of(StudyClaim claim)
    {
        var contrast = new Contrast(this, claim);
        return (contrast.Figure(), contrast.Lacking);
    }

    private static Interval Spread(StudyMetric metric, StudyCell first, List<double> seeds, List<double> samples)
    {
        var wilson = metric.IsShare && samples.Count > 0 ? Interval.Wilson(samples.Sum(), samples.Count) : Interval.None;
        var drawn = seeds.Count > 1 ? seeds : metric.IsShare ? [] : samples;
        if (drawn.Count < 2)
            return wilson;
        var random = new SeededRandom(TextHash.Of([metric.Name, first.Key]));
        return wilson.With(Bootstrap.Percentile(() => Bootstrap.Mean(drawn, random.Next)));
    }
}
