using System.Net;
using System.Text;
using Octavo.Evaluation.Charts;

namespace Octavo.Evaluation.Reports;

/// <summary>
/// Writes pages that need nothing but themselves: no scripts, no addresses, light or dark as the reader has it. Every text that is
/// given is escaped.
/// </summary>
internal sealed class ReportHtml
{
    private const string Sheet = """
        :root{color-scheme:light dark}
        body{font:15px/1.5 system-ui,'DejaVu Sans',sans-serif;max-width:1120px;margin:0 auto;
        padding:24px;color:#1f2328;background:#fff}
        h1{font-size:26px;margin:0}h2::first-letter{text-transform:uppercase}
        h2{font-size:18px;margin:36px 0 10px;border-bottom:1px solid #d0d7de;padding-bottom:4px}
        .under{color:#57606a;margin:2px 0 18px}
        .badge{font-size:13px;font-weight:600;padding:2px 10px;border-radius:12px;background:#eaeef2;
        vertical-align:middle;margin-left:10px}
        .badge.done{background:#dafbe1;color:#116329}
        .badge.failed,.badge.killed{background:#ffebe9;color:#a40e26}
        .badge.running{background:#ddf4ff;color:#0550ae}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:10px}
        .tile{border:1px solid #d0d7de;border-radius:8px;padding:8px 12px}
        .tile b{display:block;font-size:20px}.tile span{color:#57606a;font-size:13px}
        .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(480px,1fr));gap:14px}
        .charts .chart:first-child{grid-column:1/-1}
        .chart{width:100%;height:auto;border:1px solid #d0d7de;border-radius:8px}
        table{border-collapse:collapse;width:100%;font-size:14px}
        th,td{text-align:left;vertical-align:top;padding:4px 12px 4px 0;border-bottom:1px solid #eaeef2}
        th{color:#57606a;font-weight:600}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
        td.k{white-space:nowrap;color:#57606a}td,pre{overflow-wrap:anywhere}.text td{white-space:pre-wrap;width:33%}
        h3{font-size:15px;margin:22px 0 6px}.wide{overflow-x:auto}.wide td.n,.wide th{white-space:nowrap}
        td small{display:block;color:#57606a;font-size:12px;font-weight:400}.note{color:#57606a;font-size:13px;margin:4px 0}
        td.off,td.off small{color:#8c959f;font-style:italic}td.good{color:#116329;font-weight:600}td.bad,td.failed{color:#a40e26;font-weight:600}
        td.open{color:#7d4e00;font-weight:600}td.good,td.bad,td.open{overflow-wrap:normal}.charts.even .chart:first-child{grid-column:auto}.charts.even .chart{max-width:720px}.charts.broad{grid-template-columns:1fr}
        .warning{border-left:4px solid #bf8700;background:#fff8c5;padding:6px 12px;margin:8px 0}
        @media (prefers-color-scheme:dark){
        body{color:#e6edf3;background:#0d1117}h2{border-color:#30363d}.under,th,td.k,.tile span{color:#9198a1}
        .badge{background:#30363d}.badge.done{background:#12261e;color:#3fb950}.badge.failed,.badge.killed{background:#25171c;color:#f85149}
        .badge.running{background:#10243e;color:#58a6ff}.tile,.chart{border-color:#30363d}
        td small,.note{color:#9198a1}td.off,td.off small{color:#6e7681}td.good{color:#3fb950}td.bad,td.failed{color:#f85149}td.open{color:#e3b341}
        th,td{border-color:#21262d}.warning{background:#272115;border-color:#d29922}}
        @media (max-width:600px){.charts{grid-template-columns:1fr}}

        """;

    private readonly StringBuilder _html = new();

    /// <summary>Begins a page.</summary>
    /// <param name="title">Its name.</param>
    public ReportHtml(string title)
    {
        _html.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">")
            .Append("<title>").Append(Escape(title)).Append("</title>\n<style>\n").Append(Sheet).Append(ChartStyle.Sheet)
            .Append("\n</style></head>\n<body>\n");
    }

    public void Head(string title, string? badge, string under)
    {
        _html.Append("<h1>").Append(Escape(title));
        if (badge is not null)
            _html.Append("<span class=\"badge ").Append(Escape(badge)).Append("\">").Append(Escape(badge)).Append("</span>");
        _html.Append("</h1>\n<p class=\"under\">").Append(Escape(under)).Append("</p>\n");
    }

    public void Paragraph(string text) => _html.Append("<p>").Append(Escape(text)).Append("</p>\n");

    /// <summary>A small remark.</summary>
    public void Note(string text) => _html.Append("<p class=\"note\">").Append(Escape(text)).Append("</p>\n");

    /// <summary>Files that lie beside the page.</summary>
    public void Links(IEnumerable<string> names) =>
        _html.Append("<p class=\"note\">").AppendJoin(" · ", names.Select(name => $"<a href=\"{Escape(name)}\">{Escape(name)}</a>")).Append("</p>\n");

    public void Subsection(string title) => _html.Append("<h3>").Append(Escape(title)).Append("</h3>\n");

    public void Section(string title) => _html.Append("<h2>").Append(Escape(title)).Append("</h2>\n");

    /// <summary>Numbers that stand out.</summary>
    public void Tiles(IEnumerable<(string Name, string Value)> tiles)
    {
        _html.Append("<div class=\"tiles\">");
        foreach (var (name, value) in tiles)
            _html.Append("<div class=\"tile\"><b>").Append(Escape(value)).Append("</b><span>").Append(Escape(name)).Append("</span></div>");
        _html.Append("</div>\n");
    }

    public void Warning(string text) => _html.Append("<p class=\"warning\">").Append(Escape(text)).Append("</p>\n");

    /// <summary>Charts side by side.</summary>
    /// <param name="charts">In their order.</param>
    /// <param name="layout">How large they are.</param>
    public void Charts(IEnumerable<Chart> charts, ChartLayout layout = ChartLayout.FirstLarge)
    {
        _html.Append(layout switch { ChartLayout.Even => "<div class=\"charts even\">\n", ChartLayout.Broad => "<div class=\"charts broad\">\n", _ => "<div class=\"charts\">\n" });
        foreach (var chart in charts)
            _html.Append(chart.ToInline());
        _html.Append("</div>\n");
    }

    /// <summary>Names and values, without a header.</summary>
    public void Facts(IEnumerable<(string Name, string Value)> rows)
    {
        _html.Append("<table>");
        foreach (var (name, value) in rows)
            _html.Append("<tr><td class=\"k\">").Append(Escape(name)).Append("</td><td>").Append(Escape(value)).Append("</td></tr>\n");
        _html.Append("</table>\n");
    }

    /// <summary>A table with a header.</summary>
    /// <param name="headers">One per column; one that begins with '>' holds numbers.</param>
    /// <param name="rows">The cells.</param>
    /// <param name="isText">Cells are long texts whose lines are kept, in columns of equal width.</param>
    public void Table(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows, bool isText = false) =>
        Write(isText ? "<table class=\"text\">" : "<table>", headers, rows.Select(row => row.Select(text => new ReportCell(text))), "</table>\n");

    /// <summary>A table with a header whose cells say more than a text; it scrolls where it is too wide.</summary>
    /// <param name="headers">One per column; one that begins with '>' holds numbers.</param>
    /// <param name="rows">The cells.</param>
    public void Table(IReadOnlyList<string> headers, IEnumerable<IEnumerable<ReportCell>> rows) =>
        Write("<div class=\"wide\"><table>", headers, rows, "</table></div>\n");

    private void Write(string begin, IReadOnlyList<string> headers, IEnumerable<IEnumerable<ReportCell>> rows, string end)
    {
        _html.Append(begin).Append("<tr>");
        foreach (var header in headers)
            _html.Append(header.StartsWith('>') ? "<th class=\"n\">" : "<th>").Append(Escape(header.TrimStart('>'))).Append("</th>");
        _html.Append("</tr>\n");
        foreach (var row in rows)
        {
            _html.Append("<tr>");
            foreach (var (cell, header) in row.Zip(headers))
                Write(cell, header.StartsWith('>'));
            _html.Append("</tr>\n");
        }
        _html.Append(end);
    }

    private void Write(ReportCell cell, bool isNumber)
    {
        var classes = string.Join(' ', new[] { isNumber ? "n" : "", cell.Kind }.Where(name => name.Length > 0));
        _html.Append("<td");
        if (classes.Length > 0)
            _html.Append(" class=\"").Append(classes).Append('"');
        if (cell.Tip.Length > 0)
            _html.Append(" title=\"").Append(Escape(cell.Tip)).Append('"');
        _html.Append('>').Append(Escape(cell.Text));
        if (cell.Under.Length > 0)
            _html.Append("<small>").Append(Escape(cell.Under)).Append("</small>");
        _html.Append("</td>");
    }

    /// <summary>The whole page.</summary>
    public string End() => _html.Append("</body></html>\n").ToString();

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}

/// <summary>How charts stand on a page.</summary>
internal enum ChartLayout
{
    /// <summary>The first takes a row of its own, the rest stand side by side.</summary>
    FirstLarge,

    /// <summary>Side by side.</summary>
    Even,

    /// <summary>Each takes a row.</summary>
    Broad,
}

/// <summary>A cell of a table.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Under">Smaller, below.</param>
/// <param name="Kind">A class of the page's style sheet: k (a name), off, good, bad, open, failed.</param>
/// <param name="Tip">Shown by a pointer that rests on it.</param>
internal readonly record struct ReportCell(string Text, string Under = "", string Kind = "", string Tip = "");
