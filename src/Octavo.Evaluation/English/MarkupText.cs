using System.Net;
using System.Text.RegularExpressions;

namespace Octavo.Evaluation.English;

/// <summary>The prose of HTML, POD, Markdown, reStructuredText and plain text.</summary>
internal static partial class MarkupText
{
    public static IEnumerable<string> OfHtml(string source)
    {
        var body = Unread().Replace(source, " ");
        return Block().Split(body).Select(block => WebUtility.HtmlDecode(Tag().Replace(block, ""))).Select(Joined);
    }

    public static IEnumerable<string> OfPod(string source)
    {
        var isPod = false;
        foreach (var block in Blocks(source))
        {
            if (block.StartsWith('='))
                isPod = !block.StartsWith("=cut", StringComparison.Ordinal) && !block.StartsWith("=begin", StringComparison.Ordinal);
            else if (isPod && !char.IsWhiteSpace(block[0]))
                yield return Joined(PodCodes(block));
        }
    }

    public static IEnumerable<string> OfMarkdown(string source) =>
        Blocks(Fence().Replace(source, "\n\n")).Where(IsProse).Select(block => Joined(Link().Replace(Mark().Replace(block, ""), "$1")));

    /// <summary>Paragraphs of plain text: lines between blank lines, but no tables, code or headings with a line under them.</summary>
    public static IEnumerable<string> OfPlain(string source) => Blocks(source).Where(IsProse).Select(Joined);

    // text that is set apart by blanks at its beginning is code or a table more often than prose
    private static bool IsProse(string block)
    {
        var lines = block.Split('\n');
        return lines.Count(line => line.StartsWith("    ", StringComparison.Ordinal) || line.Contains("   ", StringComparison.Ordinal)) * 2 < lines.Length;
    }

    private static IEnumerable<string> Blocks(string source) => BlankLines().Split(source).Where(block => block.Trim().Length > 0).Select(block => block.Trim('\n'));

    private static string Joined(string text) => Blanks().Replace(text, " ").Trim();

    private static string PodCodes(string text)
    {
        for (var before = ""; before != text;)
        {
            before = text;
            text = PodCode().Replace(text, match => match.Groups[1].Value switch
            {
                "L" => match.Groups[2].Value.Split('|')[0],
                "E" => match.Groups[2].Value switch { "lt" => "<", "gt" => ">", "sol" => "/", "verbar" => "|", _ => "" },
                "X" or "Z" => "",
                _ => match.Groups[2].Value,
            });
        }
        return text;
    }

    [GeneratedRegex(@"<script\b.*?</script>|<style\b.*?</style>|<head\b.*?</head>|<pre\b.*?</pre>|<!--.*?-->|<!\w[^>]*>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Unread();

    [GeneratedRegex(@"</?(?:p|div|li|ul|ol|h[1-6]|td|tr|table|dt|dd|dl|br|hr|blockquote|section)\b[^>]*>", RegexOptions.IgnoreCase)]
    private static partial Regex Block();

    [GeneratedRegex(@"<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\n[ \t\r]*\n")]
    private static partial Regex BlankLines();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"^(```|~~~).*?^\1", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^[#>]+ |^[-*+] |\*\*|``?|^\.\. .*$|^:\w+:", RegexOptions.Multiline)]
    private static partial Regex Mark();

    [GeneratedRegex(@"!?\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\b([BCEFILSXZ])<([^<>]*)>")]
    private static partial Regex PodCode();
}
