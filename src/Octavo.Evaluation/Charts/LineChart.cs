using System.Globalization;
using System.Text;

namespace Octavo.Evaluation.Charts;

/// <summary>
/// Curves over one axis: a grid at round values, a legend, gaps where values are none. What a picture of this width cannot show is left out.
/// </summary>
internal sealed record LineChart : Chart
{
    private const double LegendRow = 18, SwatchWidth = 26;
    private const int MostDots = 80;

    /// <summary>The curves.</summary>
    public required IReadOnlyList<ChartSeries> Series { get; init; }

    /// <summary>What stands at 0, 1, 2 … of the lower axis; null has numbers.</summary>
    public IReadOnlyList<string>? XNames { get; init; }

    /// <summary>Values that the upright axis shows in any case.</summary>
    public IReadOnlyList<double> Shown { get; init; } = [];

    protected override void Draw(StringBuilder svg)
    {
        var rows = Legend(svg);
        var (x, y) = Scales();
        var plane = new ChartPlane(svg, this, 36 + (rows * LegendRow), x, y);
        plane.Grid(ChartNumber.Tick, XNames);
        if (Series.All(series => series.Points.All(point => !IsShown(point))))
            Add(svg, $"""<text x="{Width / 2}" y="{Height / 2}" text-anchor="middle">no values</text>""");
        foreach (var series in Series)
            Band(svg, plane, series);
        foreach (var series in Series.OrderByDescending(series => series.Style == SeriesStyle.Faint))
            Curve(svg, plane, series);
    }

    private bool IsShown(ChartPoint point) => double.IsFinite(point.Y) && (!IsLog || point.Y > 0);

    private (ChartScale X, ChartScale Y) Scales()
    {
        var points = Series.SelectMany(series => series.Points);
        var values = points.Select(point => point.Y).Concat(Series.SelectMany(series => series.Band).SelectMany(band => new[] { band.Low, band.High })).Concat(Shown);
        var across = XNames is { Count: var count }
            ? new ChartScale(-0.5, Math.Max(count, 1) - 0.5, IsLog: false)
            : ChartScale.Of(points.Where(IsShown).Select(point => point.X), isLog: false, margin: 0.01);
        return (across, ChartScale.Of(values, IsLog, margin: 0.06));
    }

    /// <summary>Names beside their colours, wrapped; returns how many rows they take.</summary>
    private int Legend(StringBuilder svg)
    {
        var named = Series.Where(series => series.Style != SeriesStyle.Faint).ToList();
        if (named.Count == 0 || (named.Count == 1 && named[0].Name == Title))
            return 0;
        var (x, row) = (16.0, 1);
        foreach (var series in named)
        {
            var most = (int)((Width - 32 - SwatchWidth) / CharWidth);
            var name = series.Name.Length > most ? series.Name[..(most - 1)] + "…" : series.Name;
            var width = SwatchWidth + (name.Length * CharWidth) + 16;
            if (x > 16 && x + width > Width - 16)
                (x, row) = (16, row + 1);
            var y = 24 + (row * LegendRow);
            Add(svg, $"""<path class="{ChartStyle.Line(series)}" d="M{x:0.#} {y - 4:0.#}h18"/>""");
            if (series.Style == SeriesStyle.Dots)
                Add(svg, $"""<circle class="{ChartStyle.Dot(series)}" cx="{x + 9:0.#}" cy="{y - 4:0.#}" r="3"/>""");
            Add(svg, $"""<text class="key" x="{x + SwatchWidth - 2:0.#}" y="{y}">{Escape(name)}</text>""");
            x += width;
        }
        return row;
    }

    /// <summary>An interval around each point, as an area; where neighbours have none it is interrupted.</summary>
    private static void Band(StringBuilder svg, ChartPlane plane, ChartSeries series)
    {
        List<int> run = [];
        for (var i = 0; i <= series.Band.Count; i++)
        {
            if (i < series.Band.Count && double.IsFinite(series.Band[i].Low) && double.IsFinite(series.Band[i].High))
            {
                run.Add(i);
                continue;
            }
            if (run.Count > 1)
            {
                var upper = run.Select(at => Place(at, series.Band[at].High));
                var lower = Enumerable.Reverse(run).Select(at => Place(at, series.Band[at].Low));
                Add(svg, $"""<path class="band {ChartStyle.Dot(series)}" d="M{string.Join('L', upper.Concat(lower))}Z"/>""");
            }
            foreach (var at in run)
                Add(svg, $"""<path class="whisker {ChartStyle.Stroke(series)}" d="M{Place(at, series.Band[at].Low)}L{Place(at, series.Band[at].High)}"/>""");
            run.Clear();
        }

        string Place(int at, double value) => string.Create(CultureInfo.InvariantCulture, $"{plane.X(series.Points[at].X):0.#} {plane.Y(value):0.#}");
    }

    private void Curve(StringBuilder svg, ChartPlane plane, ChartSeries series)
    {
        var path = new StringBuilder();
        List<ChartPoint> dots = [];
        var points = Decimation.Apply(series.Points, (int)plane.Width);
        for (var i = 0; i < points.Count; i++)
        {
            if (!IsShown(points[i]))
                continue;
            var begins = i == 0 || !IsShown(points[i - 1]);
            path.Append(CultureInfo.InvariantCulture, $"{(begins ? 'M' : 'L')}{plane.X(points[i].X):0.#} {plane.Y(points[i].Y):0.#}");
            // a point between two gaps has no line to be seen by
            var isAlone = begins && (i == points.Count - 1 || !IsShown(points[i + 1]));
            if (isAlone || (series.Style == SeriesStyle.Dots && points.Count <= MostDots))
                dots.Add(points[i]);
        }
        if (path.Length > 0)
            Add(svg, $"""<path class="{ChartStyle.Line(series)}" d="{path}"/>""");
        foreach (var dot in dots)
            Add(svg, $"""<circle class="{ChartStyle.Dot(series)}" cx="{plane.X(dot.X):0.#}" cy="{plane.Y(dot.Y):0.#}" r="3"/>""");
    }
}
