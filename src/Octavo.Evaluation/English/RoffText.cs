using System.Text;
using System.Text.RegularExpressions;

namespace Octavo.Evaluation.English;

/// <summary>The prose of a manual page: macros and escapes go, displays and tables too.</summary>
internal static partial class RoffText
{
    private static readonly string[] _fonts = ["B", "I", "R", "BI", "BR", "IB", "IR", "RB", "RI", "SM", "SB", "Nm", "Fl", "Ar",
        "Pa", "Cm", "Em", "Sy", "Xr", "Li", "Ic", "Va", "Fn"];
    private static readonly string[] _noFill = ["nf", "EX", "TS", "Bd", "PS", "EQ", "ig", "de"];
    private static readonly string[] _fill = ["fi", "EE", "TE", "Ed", "PE", "EN", ".", "SH", "SS", "Sh"];

    private static readonly (string Escape, string Text)[] _escapes =
    [
        (@"\-", "-"), (@"\&", ""), (@"\e", "\\"), (@"\ ", " "), (@"\~", " "), (@"\|", ""), (@"\^", ""), (@"\%", ""), (@"\:", ""),
        (@"\/", ""), (@"\,", ""),
        (@"\(aq", "'"), (@"\(cq", "'"), (@"\(oq", "'"), (@"\(dq", "\""), (@"\(lq", "\""), (@"\(rq", "\""), (@"\(em", " - "),
        (@"\(en", "-"), (@"\(bu", ""),
        (@"\(co", "(c)"), (@"\(ha", "^"), (@"\(ti", "~"), (@"\(rs", "\\"), (@"\(ga", "`"), (@"\*(lq", "\""), (@"\*(rq", "\""),
        (@"\*(L""", "\""), (@"\*(R""", "\""),
        (@"\*(C`", ""), (@"\*(C'", ""), (@"\*(--", " - "), (@"\'", "'"), (@"\`", "`"), (@"\(+-", "+-"), (@"\(->", "->"),
    ];

    /// <summary>Paragraphs, with their lines joined.</summary>
    public static IEnumerable<string> Paragraphs(string source)
    {
        var paragraph = new StringBuilder();
        var isProse = true;
        foreach (var line in source.Split('\n'))
        {
            if (line.StartsWith('.') || line.StartsWith('\''))
            {
                var parts = line[1..].TrimStart().Split(' ', 2);
                var macro = parts[0];
                if (_noFill.Contains(macro) || _fill.Contains(macro))
                    isProse = !_noFill.Contains(macro);
                if (_fonts.Contains(macro))
                {
                    if (isProse && parts.Length == 2)
                        Append(paragraph, Arguments(macro, parts[1]));
                    continue;
                }
                if (macro.StartsWith('\\'))
                    continue;
            }
            else if (line.Trim().Length > 0 && !char.IsWhiteSpace(line[0]))
            {
                if (isProse)
                    Append(paragraph, line);
                continue;
            }
            if (paragraph.Length > 0)
                yield return Plain(paragraph.ToString());
            paragraph.Clear();
        }
        if (paragraph.Length > 0)
            yield return Plain(paragraph.ToString());
    }

    private static void Append(StringBuilder text, string line) => text.Append(text.Length == 0 ? "" : " ").Append(line.Trim());

    // macros of two fonts set their arguments without blanks between them
    private static string Arguments(string macro, string text)
    {
        var arguments = Argument().Matches(text).Select(match => match.Groups[1].Success ? match.Groups[1].Value : match.Value);
        return string.Join(macro.Length == 2 && macro.All(char.IsUpper) && macro is not ("SM" or "SB") ? "" : " ", arguments);
    }

    private static string Plain(string text)
    {
        text = Font().Replace(text, "");
        foreach (var (escape, plain) in _escapes)
            text = text.Replace(escape, plain, StringComparison.Ordinal);
        return OtherEscape().Replace(text, "");
    }

    [GeneratedRegex(@"""([^""]*)""|\S+")]
    private static partial Regex Argument();

    [GeneratedRegex(@"\\f(\[[^\]]*\]|\([A-Z]{2}|.)|\\s[-+]?\d+|\\m\[[^\]]*\]|\\"".*")]
    private static partial Regex Font();

    [GeneratedRegex(@"\\(\[[^\]]*\]|\([a-zA-Z]{2}|\*\([^ ]{2}|\*\[[^\]]*\]|\*.|[hvwuzc]('[^']*')?)")]
    private static partial Regex OtherEscape();
}
