using System.Text.RegularExpressions;

namespace Octavo.UnitTests.House;

/// <summary>A method as it stands in a file.</summary>
/// <param name="Header">Its declaration.</param>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Lines">How many lines it takes.</param>
internal sealed record MethodText(string Header, int Line, int Lines);

/// <summary>Finds the methods of a C# file by its braces: enough to measure them, no compiler.</summary>
internal static partial class CSharpMethods
{
    public static IReadOnlyList<MethodText> Find(string source)
    {
        var code = Blank(source);
        List<MethodText> methods = [];
        // For each open brace: whether it opens a type or namespace, and where its header began.
        Stack<(bool IsScope, int Start)> open = new();
        var start = 0;
        for (var i = 0; i < code.Length; i++)
        {
            switch (code[i])
            {
                case ';' when InScope():
                    start = i + 1;
                    break;
                case '{':
                    open.Push((InScope() && Scope().IsMatch(code[start..i]), start));
                    if (open.Peek().IsScope)
                        start = i + 1;
                    break;
                case '}' when open.Count > 0:
                    var (isScope, began) = open.Pop();
                    if (!isScope && InScope() && Describe(source, code, began, i) is { } method)
                        methods.Add(method);
                    if (InScope())
                        start = i + 1;
                    break;
            }
        }
        return methods;

        bool InScope() => open.Count == 0 || open.Peek().IsScope;
    }

    private static MethodText? Describe(string source, string code, int began, int end)
    {
        var header = code[began..code.IndexOf('{', began)];
        var first = began + header.TakeWhile(char.IsWhiteSpace).Count();
        if (!header.Contains('(', StringComparison.Ordinal))
            return null;
        var line = 1 + source.AsSpan(0, first).Count('\n');
        return new MethodText(header.Trim(), line, source.AsSpan(first, end - first).Count('\n') + 1);
    }

    /// <summary>The source with comments, texts and characters turned into blanks; lines stay where they are.</summary>
    private static string Blank(string source)
    {
        var code = source.ToCharArray();
        for (var i = 0; i < source.Length;)
        {
            var end = Math.Min(source.Length, Literal(source, i));
            for (var at = i; at < end; at++)
                code[at] = source[at] == '\n' ? '\n' : ' ';
            i = Math.Max(end, i + 1);
        }
        return new string(code);
    }

    // The end of the comment, text or character that begins here, or the place itself.
    private static int Literal(string source, int at)
    {
        if (source.AsSpan(at).StartsWith("//"))
            return End(source, at, "\n");
        if (source.AsSpan(at).StartsWith("/*"))
            return End(source, at + 2, "*/") + 2;
        if (source[at] == '\'')
            return Quoted(source, at + 1, '\'', isVerbatim: false);
        var text = TextStart().Match(source, at);
        if (!text.Success || text.Index != at)
            return at;
        var quotes = text.Groups["quotes"].Value;
        if (quotes.Length >= 3)
            return End(source, at + text.Length, quotes) + quotes.Length;
        var start = at + text.Length - quotes.Length + 1;
        return text.Groups["marks"].Value.Contains('$', StringComparison.Ordinal)
            ? Interpolated(source, start, text.Groups["marks"].Value.Contains('@', StringComparison.Ordinal))
            : Quoted(source, start, '"', text.Groups["marks"].Value.Contains('@', StringComparison.Ordinal));
    }

    private static int Interpolated(string source, int at, bool isVerbatim)
    {
        for (var depth = 0; at < source.Length; at++)
        {
            if (depth == 0 && ((source[at] == '\\' && !isVerbatim) || source.AsSpan(at) is ['{', '{', ..] or ['}', '}', ..]))
                at++;
            else if (depth == 0 && source[at] == '"')
                return at + 1;
            else if (source[at] == '{')
                depth++;
            else if (source[at] == '}')
                depth--;
            else if (depth > 0 && Literal(source, at) is var end && end > at)
                at = end - 1;
        }
        return at;
    }

    private static int Quoted(string source, int at, char quote, bool isVerbatim)
    {
        for (; at < source.Length; at++)
        {
            if (source[at] == '\\' && !isVerbatim)
                at++;
            else if (source[at] == quote && isVerbatim && at + 1 < source.Length && source[at + 1] == quote)
                at++;
            else if (source[at] == quote)
                return at + 1;
        }
        return at;
    }

    private static int End(string source, int at, string mark) =>
        source.IndexOf(mark, at, StringComparison.Ordinal) is var end and >= 0 ? end : source.Length;

    [GeneratedRegex(@"\G(?<marks>[$@]*)(?<quotes>""""""+|"")")]
    private static partial Regex TextStart();

    [GeneratedRegex(@"\b(namespace|class|struct|interface|enum|record)\b(?![^(]*=>)")]
    private static partial Regex Scope();
}
