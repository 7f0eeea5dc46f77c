using System.Security;
using System.Text;

namespace Octavo.Tools.Roofline;

/// <summary>The whole SVG: title, legend, and a panel for each set, one above the other, on the same axes.</summary>
internal static class Picture
{
    private const int Width = 960, Head = 126, PanelHeight = 500;

    private const string Style = """
          <style>
            text { fill: #1f2328; }
            .head { font-weight: 600; font-size: 16px; }
            .note { fill: #57606a; font-size: 12.5px; }
            .tick { fill: #57606a; font-size: 11.5px; }
            .label { font-size: 11px; }
            .grid { stroke: #eaeef2; }
            .roof { stroke: #1f2328; stroke-width: 2; fill: none; }
            .half { stroke: #57606a; stroke-width: 1.5; stroke-dasharray: 6 4; fill: none; }
            .leader { stroke: #8c959f; stroke-width: 0.8; }
            .band { fill: #f6f8fa; }
          </style>

        """;

    public static string Draw(IReadOnlyList<Roof> roofs, string note)
    {
        var svg = new StringBuilder();
        var height = Head + (roofs.Count * PanelHeight);
        svg.AppendLine($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" font-family="system-ui, 'DejaVu Sans', sans-serif" font-size="13">""");
        svg.Append(Style);
        svg.AppendLine($"""  <rect width="{Width}" height="{height}" fill="#ffffff"/>""");
        svg.AppendLine("""  <text class="head" x="24" y="30">Kernels below their roofs, one thread</text>""");
        svg.AppendLine($"""  <text class="note" x="24" y="50">{SecurityElement.Escape(note)}</text>""");
        Legend(svg);
        var (least, most) = (Floor(roofs.Min(roof => roof.Kernels.Min(kernel => kernel.GopS)) * 0.8), roofs.Max(roof => roof.Limits.Int8GopS) * 1.35);
        for (var i = 0; i < roofs.Count; i++)
        {
            var top = Head + (i * PanelHeight);
            new Panel(svg, roofs[i], new Axes(new Box(66, top + 30, Width - 176, top + PanelHeight - 56), 1, 1000, least, most)).Draw();
        }
        svg.AppendLine("</svg>");
        return svg.ToString();
    }

    private static double Floor(double value) => Axes.Ticks(1e-3, value).Last();

    private static void Legend(StringBuilder svg)
    {
        var x = 30.0;
        foreach (var (family, text) in new[]
        {
            ("Q4_1", "Q4_1"), ("Q8_0", "Q8_0"), ("Q4_K", "Q4_K"), ("Q6_K", "Q6_K"), ("decode", "attention, decode"), ("prefill", "attention, prefill"),
        })
        {
            svg.AppendLine("  " + Marker.Draw(family, 8, x, 74));
            svg.AppendLine($"""  <text class="note" x="{x + 11:f0}" y="78">{text}</text>""");
            x += 40 + (7 * text.Length);
        }
        svg.AppendLine("""  <text class="note" x="24" y="98">Q4_1/8: products of Q4_1 weights with 8-bit activations (filled); hollow: 16-bit activations, below the dashed roof. Best runs.</text>""");
        svg.AppendLine($"""  <text class="note" x="24" y="116">Bytes: weights, or keys and values. Attention: query heads {RunReader.Heads} on one key-value head at {RunReader.Positions:n0} positions, in fp32; prefill in tiles of 64 rows.</text>""");
    }
}
