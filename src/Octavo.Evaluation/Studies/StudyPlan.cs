using Octavo.Core;

namespace Octavo.Evaluation.Studies;

/// <summary>
/// What a study runs, measures and claims, fixed before it runs. Factors, seeds, claims and views may grow later; what a row means may
/// not (<see cref="Meaning"/>).
/// </summary>
internal sealed record StudyPlan
{
    /// <summary>What it is called on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>The page's heading.</summary>
    public string Title { get; init; } = "";

    /// <summary>What a reader has to know, a paragraph each.</summary>
    public IReadOnlyList<string> About { get; init; } = [];

    /// <summary>What is varied; the first varies most slowly.</summary>
    public required IReadOnlyList<StudyFactor> Factors { get; init; }

    /// <summary>Each combination is run with each of them.</summary>
    public required IReadOnlyList<ulong> Seeds { get; init; }

    /// <summary>What a row has, the headline first.</summary>
    public required IReadOnlyList<StudyMetric> Metrics { get; init; }

    /// <summary>What else rows depend on, such as the weights' fingerprint and the number of samples.</summary>
    public IReadOnlyList<(string Name, string Value)> Settings { get; init; } = [];

    /// <summary>Leaves combinations out that make no sense, such as a budget of the full cache; null runs all.</summary>
    public Func<StudyCell, bool>? Includes { get; init; }

    /// <summary>Factors that cells which share work agree in, the seed besides; null runs each cell on its own.</summary>
    public IReadOnlyList<string>? SharedWork { get; init; }

    /// <summary>What is judged.</summary>
    public IReadOnlyList<StudyClaim> Claims { get; init; } = [];

    /// <summary>Which cells do not count; null counts all.</summary>
    public StudyQualification? Qualification { get; init; }

    /// <summary>Tables and charts of the page; a table of each metric where there is none.</summary>
    public IReadOnlyList<StudyView> Views { get; init; } = [];

    /// <summary>Every cell in the order in which they are run: seed by seed, and within one the last factor fastest.</summary>
    public IReadOnlyList<StudyCell> Cells()
    {
        IEnumerable<string[]> grid = [[]];
        foreach (var factor in Factors)
            grid = grid.SelectMany(_ => factor.Values, (values, value) => (string[])[.. values, value]).ToList();
        return [.. Seeds.SelectMany(_ => grid, (seed, values) => new StudyCell(Factors, values, seed)).Where(cell => Includes?.Invoke(cell) != false)];
    }

    /// <summary>The cells in groups that share work, in the order of their first cells.</summary>
    public IReadOnlyList<IReadOnlyList<StudyCell>> Groups() => SharedWork is { } shared
        ? [.. Cells().GroupBy(cell => (cell.Seed, cell.Part(shared))).Select(group => group.ToList())]
        : [.. Cells().Select(cell => (StudyCell[])[cell])];

    /// <summary>What its rows mean, a line each: rows that were written under another meaning are refused.</summary>
    public IReadOnlyList<string> Meaning() =>
    [
        $"study {Name}",
        $"factors {string.Join(", ", Factors.Select(factor => factor.Name))}",
        .. Metrics.Select(metric => $"metric {metric.Name} in {metric.Unit}"),
        .. Settings.Select(setting => $"{setting.Name} {setting.Value}"),
    ];

    /// <summary>A number of the claims: pages say where it is not the one that the study began with.</summary>
    public string ClaimsMark() => TextHash.Of(Claims.Select(claim => claim.Fixed)).ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The metric of a name.</summary>
    public StudyMetric Metric(string name) => Metrics.First(metric => metric.Name == name);

    /// <summary>Checks the plan.</summary>
    /// <exception cref="ConfigException">Says everything that is wrong with it.</exception>
    public void Validate()
    {
        List<string> errors = [.. PlanErrors.Of(this)];
        if (errors.Count > 0)
            throw new ConfigException($"study {Name}:\n{string.Join('\n', errors.Select(error => "- " + error))}");
    }
}
