using System.Globalization;
using System.Net;
using System.Text;

namespace Octavo.Evaluation.Charts;

/// <summary>The plane between a chart's axes, and its grid at round values.</summary>
/// <param name="svg">Where it is drawn.</param>
/// <param name="chart">Whose plane.</param>
/// <param name="top">Where it begins below title and legend.</param>
/// <param name="x">What runs to the right.</param>
/// <param name="y">What runs upwards.</param>
internal sealed class ChartPlane(StringBuilder svg, Chart chart, double top, ChartScale x, ChartScale y)
{
    private const double Left = 64, Right = 16, Bottom = 44;

    public double Width => chart.Width - Left - Right;

    public double Start => Left;

    public double End => chart.Width - Right;

    public double Top => top;

    public double Foot => chart.Height - Bottom;

    private double Height => Foot - top;

    /// <summary>Draws the grid.</summary>
    /// <param name="format">Writes a value below the lower axis.</param>
    /// <param name="names">What stands at 0, 1, 2 … of the lower axis instead of numbers; null has numbers.</param>
    public void Grid(Func<double, string> format, IReadOnlyList<string>? names = null)
    {
        foreach (var tick in y.Ticks(Math.Max(2, (int)(Height / 36))))
        {
            Add($"""<path class="grid" d="M{Left:0.#} {Y(tick):0.#}h{Width:0.#}"/>""");
            Add($"""<text x="{Left - 7:0.#}" y="{Y(tick) + 4:0.#}" text-anchor="end">{WebUtility.HtmlEncode(chart.Format(tick))}</text>""");
        }
        var ticks = names is null
            ? x.Ticks(Math.Max(2, (int)(Width / 90))).Select(tick => (Place: tick, Text: format(tick)))
            : names.Select((name, i) => (Place: (double)i, Text: name));
        foreach (var (place, text) in ticks)
        {
            Add($"""<path class="grid" d="M{X(place):0.#} {top:0.#}v{Height:0.#}"/>""");
            Add($"""<text x="{X(place):0.#}" y="{Foot + 17:0.#}" text-anchor="middle">{WebUtility.HtmlEncode(text)}</text>""");
        }
        Add($"""<path class="axis" d="M{Left:0.#} {Foot:0.#}h{Width:0.#}"/>""");
        Add($"""<text x="{Left + (Width / 2):0.#}" y="{Foot + 36:0.#}" text-anchor="middle">{WebUtility.HtmlEncode(chart.XName)}</text>""");
    }

    public double X(double value) => Left + (Width * x.Place(value));

    public double Y(double value) => Foot - (Height * y.Place(value));

    private void Add(FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
