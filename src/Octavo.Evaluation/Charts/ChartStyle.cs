namespace Octavo.Evaluation.Charts;

/// <summary>Colours of charts, for light and for dark surroundings.</summary>
internal static class ChartStyle
{
    /// <summary>Colours in the palette; what comes after them begins again, dashed.</summary>
    public const int Colors = 8;

    // told apart also by those who do not see red or green
    private static readonly string[] _light = ["#0969da", "#bc4c00", "#1a7f37", "#8250df", "#0e7490", "#bf3989", "#9a6700", "#57606a"];
    private static readonly string[] _dark = ["#58a6ff", "#f0883e", "#3fb950", "#bc8cff", "#39c5cf", "#f778ba", "#e3b341", "#9198a1"];

    /// <summary>The style sheet that a page or a picture with charts needs once.</summary>
    public static string Sheet { get; } =
        ".chart{font:12px system-ui,'DejaVu Sans',sans-serif}.chart text{fill:#57606a}.chart .title{fill:#1f2328;"
        + "font-weight:600;font-size:14px}"
        + ".chart .key{fill:#1f2328}.chart .back{fill:#fff}.chart .grid{stroke:#e6eaef}.chart .axis{stroke:#afb8c1}"
        + ".chart .line{fill:none;stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}.chart .faint{stroke-width:1;opacity:.32}"
        + ".chart .dashed{stroke-dasharray:6 4}.chart .reference{stroke:#8c959f;stroke-width:1.4;stroke-dasharray:2 4}"
        + ".chart .band{opacity:.12}.chart .whisker{fill:none;stroke-width:1.2;opacity:.45}.chart .leader{stroke:#8c959f;stroke-width:.7}"
        + ".chart .front{fill:none;stroke:#8c959f;stroke-width:1.4;stroke-dasharray:5 4}"
        + ".chart .label{paint-order:stroke;stroke:#fff;stroke-width:3px;stroke-linejoin:round}" + Palette(_light) + ".chart circle.hollow{fill:#fff;stroke-width:1.8}"
        + "@media (prefers-color-scheme:dark){.chart text{fill:#9198a1}.chart .title,.chart .key{fill:#e6edf3}.chart .back{fill:#0d1117}"
        + ".chart .grid{stroke:#21262d}.chart .axis{stroke:#484f58}.chart .band{opacity:.2}" + Palette(_dark)
        + ".chart circle.hollow{fill:#0d1117}.chart .label{stroke:#0d1117}}";

    /// <summary>The classes of a series' line.</summary>
    public static string Line(ChartSeries series) => series.IsReference
        ? "line reference"
        : $"line s{series.Color % Colors}{(series.Color >= Colors ? " dashed" : "")}{(series.Style == SeriesStyle.Faint ? " faint" : "")}";

    /// <summary>The class of what is drawn in a series' colour.</summary>
    public static string Stroke(ChartSeries series) => $"s{series.Color % Colors}";

    /// <summary>The class of what is filled with a series' colour.</summary>
    public static string Dot(ChartSeries series) => $"d{series.Color % Colors}";

    private static string Palette(string[] colors) =>
        string.Concat(colors.Select((color, i) => $".chart .s{i}{{stroke:{color}}}.chart .d{i}{{fill:{color}}}"));
}
