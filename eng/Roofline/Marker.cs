namespace Octavo.Tools.Roofline;

/// <summary>A family's mark: a colour of Okabe and Ito's palette, which the colour-blind tell apart, and a shape of its own.</summary>
internal static class Marker
{
    /// <summary>16 bits are a larger ring: both stay visible where they fall on one point, the ring drawn first.</summary>
    public static string Draw(string family, int? bits, double x, double y)
    {
        var isRing = bits == 16;
        var size = isRing ? 1.3 : 1;
        var (colour, shape) = family switch
        {
            "Q4_1" => ("#0072b2", $"""<circle cx="{x:f1}" cy="{y:f1}" r="{4.5 * size:f1}" """),
            "Q8_0" => ("#d55e00", $"""<rect x="{x - (4 * size):f1}" y="{y - (4 * size):f1}" width="{8 * size:f1}" height="{8 * size:f1}" """),
            "Q4_K" => ("#009e73", Polygon(x, y, size, (0, -5.5), (5, 4), (-5, 4))),
            "Q6_K" => ("#a8528a", Polygon(x, y, size, (0, -6), (5.5, 0), (0, 6), (-5.5, 0))),
            "decode" => ("#1f2328", Polygon(x, y, size, (-5, -4), (5, -4), (0, 5.5))),
            _ => ("#b07d00", Polygon(x, y, size, (-2.5, -5.5), (2.5, -5.5), (5.5, 0), (2.5, 5.5), (-2.5, 5.5), (-5.5, 0))),
        };
        return isRing
            ? $"""{shape}fill="#ffffff" stroke="{colour}" stroke-width="1.8"/>"""
            : $"""{shape}fill="{colour}" stroke="#ffffff" stroke-width="0.8"/>""";
    }

    private static string Polygon(double x, double y, double size, params (double X, double Y)[] corners) =>
        $"""<polygon points="{string.Join(' ', corners.Select(corner => $"{x + (size * corner.X):f1},{y + (size * corner.Y):f1}"))}" """;
}
