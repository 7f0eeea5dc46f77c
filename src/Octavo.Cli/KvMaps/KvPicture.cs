using System.Globalization;
using System.Net;
using System.Text;

namespace Octavo.Cli.KvMaps;

/// <summary>Maps of kept tokens as a picture, and as blocks for a terminal.</summary>
internal static class KvPicture
{
    private const int Left = 64;
    private const int Width = 720;
    private const int RowHeight = 9;
    private const int Top = 44;
    private const string Blocks = " ░▒▓█";

    /// <summary>An SVG: a panel for each map, a row for each head, tokens from left to right; darker is kept by more of a column's tokens.</summary>
    /// <param name="title">What is shown.</param>
    /// <param name="panels">Maps with their names.</param>
    /// <param name="answer">Tokens that are marked; null for none.</param>
    public static string Svg(string title, IReadOnlyList<(string Name, KvMap Map)> panels, (int From, int To)? answer)
    {
        var text = new StringBuilder();
        var (body, y) = (new StringBuilder(), Top);
        foreach (var (name, map) in panels)
        {
            Panel(body, name, map, answer, ref y);
            y += 28;
        }
        text.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Left + Width + 24} {y}\" width=\"{Left + Width + 24}\" height=\"{y}\">");
        text.Append("<style>text{font:12px system-ui,'DejaVu Sans',sans-serif;fill:#57606a}.title{fill:#1f2328;font-weight:600;font-size:14px}.back{fill:#fff}.none{fill:#eef1f4}.kept{fill:#0969da}"
            + ".answer{fill:none;stroke:#bc4c00;stroke-width:1.5}@media (prefers-color-scheme:dark){text{fill:#9198a1}.title{fill:#e6edf3}.back{fill:#0d1117}.none{fill:#1c2128}.kept{fill:#58a6ff}.answer{stroke:#f0883e}}</style>");
        text.Append("<rect class=\"back\" width=\"100%\" height=\"100%\"/>");
        text.Append(CultureInfo.InvariantCulture, $"<text class=\"title\" x=\"{Left}\" y=\"20\">{WebUtility.HtmlEncode(title)}</text>");
        return text.Append(body).Append("</svg>").ToString();
    }

    /// <summary>A line for each head, so many columns wide.</summary>
    public static IEnumerable<string> Lines(KvMap map, int columns) => map.Heads.Select(head => string.Create(CultureInfo.InvariantCulture,
        $"{head.Layer,3}.{head.Head,-3} {string.Concat(Columns(head.Tokens, columns).Select(share => Blocks[share == 0 ? 0 : 1 + (int)Math.Min(3, share * 4)]))}"));

    /// <summary>The share of kept tokens in each of at most so many columns.</summary>
    internal static double[] Columns(bool[] tokens, int columns)
    {
        var count = Math.Min(columns, tokens.Length);
        var shares = new double[count];
        for (var column = 0; column < count; column++)
        {
            var (from, to) = (From(column, count, tokens.Length), From(column + 1, count, tokens.Length));
            shares[column] = tokens[from..to].Count(kept => kept) / (double)(to - from);
        }
        return shares;
    }

    private static int From(int column, int columns, int tokens) => (int)((long)column * tokens / columns);

    private static void Panel(StringBuilder text, string name, KvMap map, (int From, int To)? answer, ref int y)
    {
        var begin = y + 8;
        var tokens = map.Heads.First().Tokens.Length;
        text.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"{y}\">{WebUtility.HtmlEncode(name)}</text>");
        y = begin;
        var layer = -1;
        foreach (var head in map.Heads)
        {
            if (head.Layer != layer)
            {
                y += layer >= 0 ? 4 : 0;
                layer = head.Layer;
                text.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 8}\" y=\"{y + RowHeight}\" text-anchor=\"end\">layer {layer}</text>");
            }
            Row(text, Columns(head.Tokens, Width), y);
            y += RowHeight;
        }
        if (answer is { } range)
        {
            var (x, to) = (Left + ((double)Width * range.From / tokens), Left + ((double)Width * range.To / tokens));
            text.Append(CultureInfo.InvariantCulture, $"<rect class=\"answer\" x=\"{x:F1}\" y=\"{begin - 2}\" width=\"{Math.Max(1, to - x):F1}\" height=\"{y - begin + 3}\"/>");
        }
        y += 14;
        text.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"{y}\">token 0</text><text x=\"{Left + Width}\" y=\"{y}\" text-anchor=\"end\">{tokens - 1}</text>");
    }

    // neighbours of one shade are one rectangle
    private static void Row(StringBuilder text, double[] shares, int y)
    {
        text.Append(CultureInfo.InvariantCulture, $"<rect class=\"none\" x=\"{Left}\" y=\"{y}\" width=\"{Width}\" height=\"{RowHeight - 1}\"/>");
        var step = (double)Width / shares.Length;
        for (int from = 0, to; from < shares.Length; from = to)
        {
            for (to = from + 1; to < shares.Length && shares[to] == shares[from]; to++)
            {
            }
            if (shares[from] > 0)
                text.Append(CultureInfo.InvariantCulture, $"<rect class=\"kept\" opacity=\"{shares[from]:0.##}\" x=\"{Left + (from * step):F1}\" y=\"{y}\" width=\"{(to - from) * step:F1}\" height=\"{RowHeight - 1}\"/>");
        }
    }
}
