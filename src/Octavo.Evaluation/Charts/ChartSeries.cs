namespace Octavo.Evaluation.Charts;

/// <summary>A point of a chart.</summary>
/// <param name="X">Finite.</param>
/// <param name="Y">A gap where it is not finite.</param>
internal readonly record struct ChartPoint(double X, double Y);

/// <summary>How a series is drawn.</summary>
internal enum SeriesStyle
{
    /// <summary>A line.</summary>
    Line,

    /// <summary>A pale thin line, for what a smoothed one lies on; not in the legend.</summary>
    Faint,

    /// <summary>A line with a dot at each point, for few points.</summary>
    Dots,
}

/// <summary>One curve.</summary>
/// <param name="Name">As the legend has it.</param>
/// <param name="Points">In the order of X.</param>
/// <param name="Style">How it is drawn.</param>
/// <param name="Color">Its place in the palette; those of a raw and a smoothed curve are equal.</param>
internal sealed record ChartSeries(string Name, IReadOnlyList<ChartPoint> Points, SeriesStyle Style = SeriesStyle.Line, int Color = 0)
{
    /// <summary>An interval at each point, shown as an area; empty where there are none.</summary>
    public IReadOnlyList<(double Low, double High)> Band { get; init; } = [];

    /// <summary>A line that is no measurement, such as what guessing reaches.</summary>
    public bool IsReference { get; init; }
}
