using Octavo.Core;
using Octavo.Evaluation.Metrics;

namespace Octavo.Evaluation.Studies.Judging;

/// <summary>
/// The weighted sum of means that a claim is about. Cells of one seed that agree in every factor that does not share samples are about the same
/// samples: their weighted values are added sample by sample before anything is drawn, so that what is common to them cancels.
/// </summary>
internal sealed class Contrast
{
    private readonly StudyMetric _metric;
    private readonly StudyClaim _claim;
    private readonly StudyFigures _figures;
    private readonly List<string> _apart;
    private readonly List<SeedParts> _seeds = [];
    private readonly List<string> _lacking = [];
    private int _off, _planned;

    public Contrast(StudyFigures figures, StudyClaim claim)
    {
        (_figures, _claim, _metric) = (figures, claim, figures.Plan.Metric(claim.Metric));
        _apart = [.. figures.Plan.Factors.Where(factor => !factor.SharesSamples).Select(factor => factor.Name)];
        foreach (var seed in figures.Plan.Seeds)
            Add(seed);
        if (_off > 0)
            _lacking.Add($"{_off} of {_planned} cells do not count and are left out");
    }

    /// <summary>Why seeds or cells are not in it; null where all are.</summary>
    public string? Lacking => _lacking.Count > 0 ? string.Join("; ", _lacking) : null;

    /// <summary>The sum, with the bootstrap over seeds and over the samples within; of shares at least as wide as their Wilson intervals make it.</summary>
    public StudyFigure Figure()
    {
        if (_seeds.Count == 0)
            return StudyFigure.None;
        var value = _seeds.Average(seed => seed.Value);
        var interval = Drawn();
        if (_metric.IsShare)
            interval = interval.With(ShareSpread.Of([.. _claim.Terms.Select((term, i) => (term.Weight, Samples(i)))], value));
        return new StudyFigure(value, interval, _seeds.Count, _seeds.Sum(seed => seed.Terms.Sum(term => term.Values.Sum(values => values.Value.Length))));
    }

    private void Add(ulong seed)
    {
        List<(StudyTerm Term, List<StudyCell> Cells)> terms = [];
        foreach (var term in _claim.Terms)
        {
            var planned = _figures.Cells.Where(cell => cell.Seed == seed && term.Cells.Has(cell)).ToList();
            var counting = planned.Where(cell => _figures.Off(cell) is null).ToList();
            (_off, _planned) = (_off + planned.Count - counting.Count, _planned + planned.Count);
            terms.Add((term, counting));
        }
        if (terms.Any(term => term.Cells.Count == 0))
            return;
        var absent = terms.SelectMany(term => term.Cells).FirstOrDefault(cell => _figures.Rows[cell] is not { } row || double.IsNaN(row[_metric.Name]));
        if (absent is null)
            _seeds.Add(SeedParts.Of([.. terms.Select(term => (term.Term.Weight, (IReadOnlyList<StudyCell>)term.Cells))], Row, Key));
        else
            _lacking.Add($"seed {seed} is left out: {absent} {(_figures.Rows[absent] is null ? "was not run" : "has no value")}");
    }

    private (double Value, double[]? Samples) Row(StudyCell cell)
    {
        var row = _figures.Rows[cell]!;
        return (row[_metric.Name], row.Result.Samples.GetValueOrDefault(_metric.Name)?.ToArray());
    }

    private string Key(StudyCell cell) => $"{cell.Seed}|{cell.Part(_apart)}";

    private Interval Drawn()
    {
        if (_seeds.Count == 1 && _seeds[0].Vectors.All(vector => vector.Length == 1))
            return Interval.None;
        var random = new SeededRandom(TextHash.Of([_claim.Name, _claim.Fixed]));
        return Bootstrap.Percentile(() =>
        {
            var sum = 0.0;
            for (var i = 0; i < _seeds.Count; i++)
            {
                foreach (var vector in _seeds[random.Next(_seeds.Count)].Vectors)
                    sum += vector.Length == 1 ? vector[0] : Bootstrap.Mean(vector, random.Next);
            }
            return sum / _seeds.Count;
        });
    }

    // by what the samples are about, so that two terms can be laid side by side
    private Dictionary<string, double[]>? Samples(int term)
    {
        var all = _seeds.SelectMany(seed => seed.Terms[term].Values).ToDictionary(pair => pair.Key, pair => pair.Value);
        return _seeds.All(seed => seed.Terms[term].IsWhole) ? all : null;
    }
}
