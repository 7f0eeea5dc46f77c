using System.Text;

namespace Octavo.Evaluation.Charts;

/// <summary>A point with a name.</summary>
/// <param name="Name">Written beside it.</param>
/// <param name="X">Finite.</param>
/// <param name="Y">Finite.</param>
/// <param name="Low">The lower end of Y's interval; no number where there is none.</param>
/// <param name="High">The upper end.</param>
/// <param name="Color">Its place in the palette.</param>
/// <param name="IsFront">Whether no other point is better in both; such points are joined.</param>
internal sealed record NamedPoint(string Name, double X, double Y, double Low, double High, int Color, bool IsFront);

/// <summary>Named points between two axes, with the front marked.</summary>
internal sealed record ScatterChart : Chart
{
    private const double Radius = 4.5;

    /// <summary>From this factor between the least and the most an axis is logarithmic.</summary>
    public const double Wide = 20;

    /// <summary>The points.</summary>
    public required IReadOnlyList<NamedPoint> Points { get; init; }

    /// <summary>Writes a value below the lower axis.</summary>
    public Func<double, string> XFormat { get; init; } = ChartNumber.Tick;

    /// <summary>What runs upwards, written above the axis.</summary>
    public string YName { get; init; } = "";

    protected override void Draw(StringBuilder svg)
    {
        Add(svg, $"""<text x="16" y="42">{Escape(YName)}</text>""");
        var across = ScaleOf(Points.Select(point => point.X), margin: 0.08);
        var upwards = ChartScale.Of(Points.SelectMany(point => new[] { point.Y, point.Low, point.High }), IsLog, margin: 0.08);
        var plane = new ChartPlane(svg, this, 54, across, upwards);
        plane.Grid(XFormat);
        if (Points.Count == 0)
            Add(svg, $"""<text x="{Width / 2}" y="{Height / 2}" text-anchor="middle">no values</text>""");
        var front = Front(plane);
        if (front.Count > 1)
            Add(svg, $"""<path class="front" d="M{string.Join('L', front.Select(at => FormattableString.Invariant($"{at.X:0.#} {at.Y:0.#}")))}"/>""");
        var labels = new LabelPlaces(
            new LabelBox(plane.Start, plane.Top, plane.End, plane.Foot), [.. Points.Select(point => (plane.X(point.X), plane.Y(point.Y)))], Radius,
            front.Zip(front.Skip(1), Along).SelectMany(boxes => boxes));
        foreach (var point in Points)
        {
            if (double.IsFinite(point.Low))
                Add(svg, $"""<path class="whisker s{point.Color % ChartStyle.Colors}" d="M{plane.X(point.X):0.#} {plane.Y(point.Low):0.#}V{plane.Y(point.High):0.#}"/>""");
        }
        foreach (var point in Points)
        {
            var (x, y) = (plane.X(point.X), plane.Y(point.Y));
            var label = labels.Place(x, y, point.Name.Length * CharWidth);
            if (label.IsFar)
                Add(svg, $"""<path class="leader" d="M{x:0.#} {y:0.#}L{label.NearX:0.#} {label.NearY:0.#}"/>""");
            Add(svg, $"""<circle class="{(point.IsFront ? "" : "hollow ")}d{point.Color % ChartStyle.Colors} s{point.Color % ChartStyle.Colors}" cx="{x:0.#}" cy="{y:0.#}" r="{Radius}"/>""");
            Add(svg, $"""<text class="{(point.IsFront ? "label key" : "label")}" x="{label.Box.Left:0.#}" y="{label.Box.Bottom - 4:0.#}">{Escape(point.Name)}</text>""");
        }
    }

    private List<(double X, double Y)> Front(ChartPlane plane) =>
        [.. Points.Where(point => point.IsFront).Select(point => (plane.X(point.X), plane.Y(point.Y))).Distinct().OrderBy(at => at.Item1).ThenByDescending(at => at.Item2)];

    /// <summary>Small boxes on a line, for names to stay off it.</summary>
    private static IEnumerable<LabelBox> Along((double X, double Y) from, (double X, double Y) to)
    {
        const double Step = 6, Half = 1.5;
        var steps = (int)(Math.Max(Math.Abs(to.X - from.X), Math.Abs(to.Y - from.Y)) / Step);
        return Enumerable.Range(1, Math.Max(0, steps - 1)).Select(i => (X: from.X + ((to.X - from.X) * i / steps), Y: from.Y + ((to.Y - from.Y) * i / steps)))
            .Select(at => new LabelBox(at.X - Half, at.Y - Half, at.X + Half, at.Y + Half));
    }

    /// <summary>Logarithmic where values are far apart.</summary>
    private static ChartScale ScaleOf(IEnumerable<double> values, double margin)
    {
        var all = values.ToList();
        var isLog = all.Count > 0 && all.Min() > 0 && all.Max() / all.Min() >= Wide;
        return ChartScale.Of(all, isLog, margin);
    }
}
