using System.Globalization;
using System.Net;
using System.Text;

namespace Octavo.Evaluation.Charts;

/// <summary>A picture between two axes, as SVG. Safe to put into a page: every text is escaped.</summary>
internal abstract record Chart
{
    protected const double CharWidth = 6.6;

    /// <summary>What the chart shows.</summary>
    public required string Title { get; init; }

    /// <summary>What runs to the right.</summary>
    public string XName { get; init; } = "step";

    /// <summary>A logarithmic upright axis; values that are not above 0 are not shown.</summary>
    public bool IsLog { get; init; }

    public int Width { get; init; } = 720;

    public int Height { get; init; } = 300;

    /// <summary>Writes a value beside the upright axis.</summary>
    public Func<double, string> Format { get; init; } = ChartNumber.Tick;

    /// <summary>The picture for a file of its own.</summary>
    public string ToFile() => Draw($"<style>{ChartStyle.Sheet}</style>");

    /// <summary>The picture inside a page that has <see cref="ChartStyle.Sheet"/>.</summary>
    public string ToInline() => Draw("");

    /// <summary>Draws what is below the title.</summary>
    protected abstract void Draw(StringBuilder svg);

    protected static void Add(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');

    protected static string Escape(string text) => WebUtility.HtmlEncode(text);

    private string Draw(string style)
    {
        var svg = new StringBuilder();
        var title = Escape(Title);
        Add(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {Width} {Height}" width="{Width}" height="{Height}" """);
        Add(svg, $"""role="img" aria-label="{title}">""");
        svg.Append(style);
        Add(svg, $"""<rect class="back" width="{Width}" height="{Height}"/>""");
        Add(svg, $"""<text class="title" x="16" y="22">{title}</text>""");
        Draw(svg);
        svg.Append("</svg>\n");
        return svg.ToString();
    }
}
