namespace Octavo.UnitTests.Core.Templates.Rows;

/// <summary>One row: a template, and the text that it renders or the exception that it raises.</summary>
internal sealed record TemplateRow(string Template, string? Rendered, string? Error);

/// <summary>
/// Reads rows of the form <c>template ⇒ «text»</c> or <c>template ⇒ ✗ exception</c>. The signs ␊ ␍ ␉ ␋ stand for control
/// characters. The expected texts are those of Jinja2 3.1.6 under Python 3.11, in transformers' environment.
/// </summary>
internal static class RowTable
{
    /// <summary>The variables that all rows see.</summary>
    public const string Variables = """
        {
          "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "two\nlines", "n": 2}],
          "name": "World", "n": 3, "f": 1.5, "none_value": null, "flag": true,
          "big": 12345678901234567890123, "tiny": 1e-07, "huge": 1e+22,
          "items": ["b", "A", "c"], "d": {"b": 1, "a": {"x": [1, 2.0, null, true]}, "items": "key", "get": 5},
          "emoji": "a👍🏽é", "mixed": [3, 1, 2, 2], "pairs": [["a", 1], ["b", 2]],
          "text": "The quick  brown\tfox", "html": "<a href=\"x\">&'", "empty": "", "nested": [[1, [2, [3]]], 4],
          "people": [{"name": "Bo", "age": 3, "tags": ["x"]}, {"name": "al", "age": 1}, {"name": "Cy", "age": 3}]
        }
        """;

    private const string Arrow = " ⇒ ";

    public static List<TemplateRow> Read(string rows, bool isExpression)
    {
        var read = new List<TemplateRow>();
        foreach (var line in rows.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var arrow = line.LastIndexOf(Arrow, StringComparison.Ordinal);
            var template = Unescape(line[..arrow]);
            if (isExpression) template = "{{ " + template + " }}";
            var expected = line[(arrow + Arrow.Length)..];
            read.Add(expected[0] == '✗' ? new TemplateRow(template, null, expected[2..]) : new TemplateRow(template, Unescape(expected[1..^1]), null));
        }
        return read;
    }

    private static string Unescape(string text) => text.Replace('␊', '\n').Replace('␍', '\r').Replace('␉', '\t').Replace('␋', '\v');
}
