using System.Text;

namespace Octavo.Tools.Roofline;

/// <summary>One set's plane: grid, roofs, points and their labels.</summary>
internal sealed class Panel(StringBuilder svg, Roof roof, Axes axes)
{
    private const double RoofTextGap = 17;

    public void Draw()
    {
        var area = axes.Area;
        svg.AppendLine($"""  <text class="head" x="{area.Left:f0}" y="{area.Top - 10:f0}">{roof.Limits.Set}</text>""");
        Bands();
        Grid();
        var lines = Roofs();
        Points(lines);
    }

    /// <summary>Where the products with 1, 8 and 64 tokens lie.</summary>
    private void Bands()
    {
        foreach (var group in roof.Kernels.Where(kernel => kernel.Tokens > 0).GroupBy(kernel => kernel.Tokens))
        {
            var (left, right) = (axes.X(group.Min(kernel => kernel.Intensity)) - 9, axes.X(group.Max(kernel => kernel.Intensity)) + 9);
            svg.AppendLine($"""  <rect class="band" x="{left:f1}" y="{axes.Area.Top:f0}" width="{right - left:f1}" height="{axes.Area.Bottom - axes.Area.Top:f0}"/>""");
            Text("tick", (left + right) / 2, axes.Area.Bottom - 6, "middle", group.Key == 1 ? "1 token" : $"{group.Key} tokens");
        }
    }

    private void Grid()
    {
        var area = axes.Area;
        foreach (var x in Axes.Ticks(axes.LeastX, axes.MostX))
        {
            Line("grid", axes.X(x), area.Top, axes.X(x), area.Bottom);
            Text("tick", axes.X(x), area.Bottom + 17, "middle", $"{x:g4}");
        }
        foreach (var y in Axes.Ticks(axes.LeastY, axes.MostY))
        {
            Line("grid", area.Left, axes.Y(y), area.Right, axes.Y(y));
            Text("tick", area.Left - 7, axes.Y(y) + 4, "end", $"{y:g4}");
        }
        Text("note", (area.Left + area.Right) / 2, area.Bottom + 38, "middle", "operations per byte");
        var middle = (area.Top + area.Bottom) / 2;
        svg.AppendLine($"""  <text class="note" text-anchor="middle" transform="translate(20,{middle:f0}) rotate(-90)">10⁹ operations per second (GOP/s)</text>""");
    }

    private List<(double X0, double Y0, double X1, double Y1)> Roofs()
    {
        var limits = roof.Limits;
        var area = axes.Area;
        var lines = new List<(double X0, double Y0, double X1, double Y1)>();
        var ceilings = new[]
        {
            (limits.Int8GopS, $"int8 peak {limits.Int8GopS:f0} GOP/s", "roof"),
            (roof.Int16GopS, $"int8 ÷ 2 {roof.Int16GopS:f0} GOP/s", "half"),
            (limits.Fp32GflopS, $"fp32 peak {limits.Fp32GflopS:f0} GOP/s", "roof"),
        };
        var text = double.NegativeInfinity;
        foreach (var (gops, name, style) in ceilings.OrderByDescending(ceiling => ceiling.Item1))
        {
            var y = axes.Y(gops);
            lines.Add((axes.X(Math.Max(axes.LeastX, gops / limits.ReadGbS)), y, area.Right, y));
            Line(style, lines[^1].X0, y, area.Right, y);
            text = Math.Max(text + RoofTextGap, y + 4);
            Text("note", area.Right + 8, text, "start", name);
        }
        var start = Math.Max(axes.LeastX, axes.LeastY / limits.ReadGbS);
        var end = limits.Int8GopS / limits.ReadGbS;
        lines.Add((axes.X(start), axes.Y(start * limits.ReadGbS), axes.X(end), axes.Y(limits.Int8GopS)));
        Line("roof", lines[^1].X0, lines[^1].Y0, lines[^1].X1, lines[^1].Y1);
        lines.Add(Slope(lines[^1], $"memory {limits.ReadGbS:f1} GB/s"));
        return lines;
    }

    /// <summary>Writes along the line of memory, above it; labels avoid the writing as they avoid a line.</summary>
    private (double X0, double Y0, double X1, double Y1) Slope((double X0, double Y0, double X1, double Y1) line, string text)
    {
        var angle = Math.Atan2(line.Y1 - line.Y0, line.X1 - line.X0);
        var (sin, cos) = Math.SinCos(angle);
        var (x, y) = (line.X0 + (0.72 * (line.X1 - line.X0)), line.Y0 + (0.72 * (line.Y1 - line.Y0)));
        svg.AppendLine($"""  <text class="note" text-anchor="middle" transform="translate({x:f1},{y:f1}) rotate({angle * 180 / Math.PI:f1})" dy="-8">{text}</text>""");
        var half = 3.6 * text.Length;
        return (x + (12 * sin) - (half * cos), y - (12 * cos) - (half * sin), x + (12 * sin) + (half * cos), y - (12 * cos) + (half * sin));
    }

    private void Points(List<(double X0, double Y0, double X1, double Y1)> lines)
    {
        var area = axes.Area;
        var points = roof.Kernels.Select(kernel => (X: axes.X(kernel.Intensity), Y: axes.Y(kernel.GopS), kernel.Label)).ToList();
        // the lowest strip names the bands
        var places = new Labels(area with { Bottom = area.Bottom - 18 }, lines).Find(points);
        foreach (var place in places.Where(place => place.Distance > 12))
            Line("leader", place.X, place.Y, place.End.X, place.End.Y);
        // rings first, see Marker
        foreach (var i in Enumerable.Range(0, points.Count).OrderByDescending(i => roof.Kernels[i].Bits == 16))
        {
            svg.AppendLine("  " + Marker.Draw(roof.Kernels[i].Family, roof.Kernels[i].Bits, points[i].X, points[i].Y));
            Text("label", (places[i].Box.Left + places[i].Box.Right) / 2, places[i].Box.Bottom - 2, "middle", points[i].Label);
        }
    }

    private void Line(string style, double x0, double y0, double x1, double y1) =>
        svg.AppendLine($"""  <line class="{style}" x1="{x0:f1}" y1="{y0:f1}" x2="{x1:f1}" y2="{y1:f1}"/>""");

    private void Text(string style, double x, double y, string anchor, string text) =>
        svg.AppendLine($"""  <text class="{style}" x="{x:f1}" y="{y:f1}" text-anchor="{anchor}">{text}</text>""");
}
