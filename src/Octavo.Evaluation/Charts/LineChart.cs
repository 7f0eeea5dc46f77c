using System.Globalization;
using System.Net;
using System.Text;

namespace Octavo.Evaluation.Charts;

/// <summary>
/// Curves over one axis, as SVG: a grid at round values, a legend, gaps where values are none. What a picture of this width cannot show
/// is left out. Safe to put into a page: every text is escaped.
/// </summary>
internal sealed record LineChart
{
    private const double Left = 64, Right = 16, Bottom = 44, LegendRow = 18, CharWidth = 6.6, SwatchWidth = 26;

    /// <summary>What the chart shows.</summary>
    public required string Title { get; init; }

    /// <summary>The curves.</summary>
    public required IReadOnlyList<ChartSeries> Series { get; init; }

    /// <summary>What runs to the right.</summary>
    public string XName { get; init; } = "step";

    /// <summary>A logarithmic upright axis; values that are not above 0 are gaps.</summary>
    public bool IsLog { get; init; }

    public int Width { get; init; } = 720;

    public int Height { get; init; } = 300;

    /// <summary>Writes a value beside the upright axis.</summary>
    public Func<double, string> Format { get; init; } = ChartNumber.Tick;

    /// <summary>The picture for a file of its own.</summary>
    public string ToFile() => Draw($"<style>{ChartStyle.Sheet}</style>");

    /// <summary>The picture inside a page that has <see cref="ChartStyle.Sheet"/>.</summary>
    public string ToInline() => Draw("");

    private string Draw(string style)
    {
        var svg = new StringBuilder();
        var title = WebUtility.HtmlEncode(Title);
        Add(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {Width} {Height}" width="{Width}" height="{Height}" """);
        Add(svg, $"""role="img" aria-label="{title}">""");
        svg.Append(style);
        Add(svg, $"""<rect class="back" width="{Width}" height="{Height}"/>""");
        Add(svg, $"""<text class="title" x="16" y="22">{title}</text>""");
        var rows = Legend(svg);
        var plot = new Plot(svg, this, 36 + (rows * LegendRow), Scales());
        plot.Grid();
        if (Series.All(series => series.Points.All(point => !IsShown(point))))
            Add(svg, $"""<text x="{Width / 2}" y="{Height / 2}" text-anchor="middle">no values</text>""");
        foreach (var series in Series.OrderByDescending(series => series.Style == SeriesStyle.Faint))
            plot.Curve(series);
        svg.Append("</svg>\n");
        return svg.ToString();
    }

    private bool IsShown(ChartPoint point) => double.IsFinite(point.Y) && (!IsLog || point.Y > 0);

    private (ChartScale X, ChartScale Y) Scales()
    {
        var points = Series.SelectMany(series => series.Points);
        return (ChartScale.Of(points.Where(IsShown).Select(point => point.X), isLog: false, margin: 0.01),
            ChartScale.Of(points.Select(point => point.Y), IsLog, margin: 0.06));
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
            Add(svg, $"""<text class="key" x="{x + SwatchWidth - 2:0.#}" y="{y}">{WebUtility.HtmlEncode(name)}</text>""");
            x += width;
        }
        return row;
    }

    private static void Add(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');

    /// <summary>The plane between the axes.</summary>
    private sealed class Plot(StringBuilder svg, LineChart chart, double top, (ChartScale X, ChartScale Y) scales)
    {
        private const int MostDots = 80;

        private double PlotWidth => chart.Width - Left - Right;

        private double PlotHeight => chart.Height - top - Bottom;

        private double Foot => top + PlotHeight;

        public void Grid()
        {
            foreach (var tick in scales.Y.Ticks(Math.Max(2, (int)(PlotHeight / 42))))
            {
                var y = Y(tick);
                Add(svg, $"""<path class="grid" d="M{Left:0.#} {y:0.#}h{PlotWidth:0.#}"/>""");
                var text = WebUtility.HtmlEncode(chart.Format(tick));
                Add(svg, $"""<text x="{Left - 7:0.#}" y="{y + 4:0.#}" text-anchor="end">{text}</text>""");
            }
            foreach (var tick in scales.X.Ticks(Math.Max(2, (int)(PlotWidth / 90))))
            {
                var x = X(tick);
                Add(svg, $"""<path class="grid" d="M{x:0.#} {top:0.#}v{PlotHeight:0.#}"/>""");
                Add(svg, $"""<text x="{x:0.#}" y="{Foot + 17:0.#}" text-anchor="middle">{ChartNumber.Tick(tick)}</text>""");
            }
            Add(svg, $"""<path class="axis" d="M{Left:0.#} {Foot:0.#}h{PlotWidth:0.#}"/>""");
            var (middle, name) = (Left + (PlotWidth / 2), WebUtility.HtmlEncode(chart.XName));
            Add(svg, $"""<text x="{middle:0.#}" y="{Foot + 36:0.#}" text-anchor="middle">{name}</text>""");
        }

        public void Curve(ChartSeries series)
        {
            var path = new StringBuilder();
            List<ChartPoint> dots = [];
            var points = Decimation.Apply(series.Points, (int)PlotWidth);
            for (var i = 0; i < points.Count; i++)
            {
                if (!chart.IsShown(points[i]))
                    continue;
                var begins = i == 0 || !chart.IsShown(points[i - 1]);
                path.Append(CultureInfo.InvariantCulture, $"{(begins ? 'M' : 'L')}{X(points[i].X):0.#} {Y(points[i].Y):0.#}");
                // a point between two gaps has no line to be seen by
                var isAlone = begins && (i == points.Count - 1 || !chart.IsShown(points[i + 1]));
                if (isAlone || (series.Style == SeriesStyle.Dots && points.Count <= MostDots))
                    dots.Add(points[i]);
            }
            if (path.Length > 0)
                Add(svg, $"""<path class="{ChartStyle.Line(series)}" d="{path}"/>""");
            foreach (var dot in dots)
                Add(svg, $"""<circle class="{ChartStyle.Dot(series)}" cx="{X(dot.X):0.#}" cy="{Y(dot.Y):0.#}" r="3"/>""");
        }

        private double X(double value) => Left + (PlotWidth * scales.X.Place(value));

        private double Y(double value) => Foot - (PlotHeight * scales.Y.Place(value));
    }
}
