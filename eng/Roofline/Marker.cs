namespace Octavo.Tools.Roofline;

/// <summary>A family's mark: a colour of Okabe and Ito's palette, which the colour-blind tell apart, and a shape of its own.</summary>
internal static class Marker
{
    public static string Draw(string family, int? bits, double x, double y)
    {
        var (colour, shape) = family switch
        {
            "Q4_1" => ("#0072b2", $"""<circle cx="{x:f1}" cy="{y:f1}" r="4.5" """),
            "Q8_0" => ("#d55e00", $"""<rect x="{x - 4:f1}" y="{y - 4:f1}" width="8" height="8" """),
            "Q4_K" => ("#009e73", Polygon(x, y, (0, -5.5), (5, 4), (-5, 4))),
            "Q6_K" => ("#a8528a", Polygon(x, y, (0, -6), (5.5, 0), (0, 6), (-5.5, 0))),
            "decode" => ("#1f2328", Polygon(x, y, (-5, -4), (5, -4), (0, 5.5))),
            _ => ("#b07d00", Polygon(x, y, (-2.5, -5.5), (2.5, -5.5), (5.5, 0), (2.5, 5.5), (-2.5, 5.5), (-5.5, 0))),
        };
        return $"""{shape}fill="{(bits == 16 ? "#ffffff" : colour)}" stroke="{colour}" stroke-width="1.8"/>""";
    }

    private static string Polygon(double x, double y, params (double X, double Y)[] corners) =>
        $"""<polygon points="{string.Join(' ', corners.Select(corner => $"{x + corner.X:f1},{y + corner.Y:f1}"))}" """;
}
