namespace Octavo.Evaluation.Studies;

/// <summary>Something on the page. Factors that it does not name are averaged over.</summary>
/// <param name="Title">Its heading.</param>
internal abstract record StudyView(string Title)
{
    /// <summary>The cells that it shows.</summary>
    public CellSelection Cells { get; init; } = CellSelection.All;

    /// <summary>A factor to repeat the view for, once for each of its values; null shows it once.</summary>
    public string? Each { get; init; }

    /// <summary>What a reader has to know; empty where nothing.</summary>
    public string Note { get; init; } = "";

    /// <summary>The factors that it names.</summary>
    public abstract IReadOnlyList<string> Factors { get; }

    /// <summary>The metrics that it names.</summary>
    public abstract IReadOnlyList<string> Metrics { get; }
}

/// <summary>A table of one metric.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Metric">What it shows.</param>
/// <param name="Rows">A column of row heads for each.</param>
/// <param name="Columns">A column for each of its values; null has one column.</param>
internal sealed record StudyTable(string Title, string Metric, IReadOnlyList<string> Rows, string? Columns = null) : StudyView(Title)
{
    public override IReadOnlyList<string> Factors => Columns is null ? Rows : [.. Rows, Columns];

    public override IReadOnlyList<string> Metrics => [Metric];
}

/// <summary>A table of several metrics, one column each.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Shown">The metrics.</param>
/// <param name="Rows">A column of row heads for each.</param>
internal sealed record StudySummary(string Title, IReadOnlyList<string> Shown, IReadOnlyList<string> Rows) : StudyView(Title)
{
    public override IReadOnlyList<string> Factors => Rows;

    public override IReadOnlyList<string> Metrics => Shown;
}

/// <summary>A metric over the values of a factor in their order, such as turns or budgets, with bands for the intervals.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Metric">What runs upwards.</param>
/// <param name="Along">The factor that runs to the right.</param>
/// <param name="Lines">A line for each combination of their values.</param>
internal sealed record StudyCurves(string Title, string Metric, string Along, IReadOnlyList<string> Lines) : StudyView(Title)
{
    public override IReadOnlyList<string> Factors => [Along, .. Lines];

    public override IReadOnlyList<string> Metrics => [Metric];
}

/// <summary>Two metrics against each other; points that no other one beats in both are the front.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Across">What runs to the right, such as bytes.</param>
/// <param name="Upwards">What runs upwards, such as accuracy.</param>
/// <param name="Points">A point for each combination of their values.</param>
internal sealed record StudyPareto(string Title, string Across, string Upwards, IReadOnlyList<string> Points) : StudyView(Title)
{
    public override IReadOnlyList<string> Factors => Points;

    public override IReadOnlyList<string> Metrics => [Across, Upwards];
}
