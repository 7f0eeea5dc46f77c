using System.Text.RegularExpressions;

namespace Octavo.Evaluation.Verifiers.Ifeval;

/// <summary>How an answer is laid out, and what it holds.</summary>
internal static partial class FormatChecks
{
    private static readonly string[] _replies = ["My answer is yes.", "My answer is no.", "My answer is maybe."];
    private static readonly string[] _fences = ["```json", "```Json", "```JSON", "```"];

    public static IReadOnlyList<IfevalCheck> All { get; } =
    [
        new("detectable_content:number_placeholders", (arguments, answer) =>
            Placeholder().Count(answer) >= arguments.Whole("num_placeholders")),
        new("detectable_content:postscript", Postscript),
        new("detectable_format:number_bullet_lists", (arguments, answer) =>
            StarBullet().Count(answer) + DashBullet().Count(answer) == arguments.Whole("num_bullets")),
        new("detectable_format:constrained_response", (_, answer) =>
            _replies.Any(reply => answer.Contains(reply, StringComparison.Ordinal))),
        new("detectable_format:number_highlighted_sections", (arguments, answer) =>
            Highlights(answer) >= arguments.Whole("num_highlights")),
        new("detectable_format:multiple_sections", (arguments, answer) =>
            Regex.Count(answer, PythonText.Pattern($@"\s?{arguments.Text("section_spliter")}\s?\d+\s?")) >= arguments.Whole("num_sections")),
        new("detectable_format:json_format", (_, answer) => PythonJson.Accepts(WithoutFence(answer))),
        new("detectable_format:title", (_, answer) =>
            Title().Matches(answer).Any(title => !PythonText.IsEmpty(title.Value.TrimStart('<').TrimEnd('>')))),
    ];

    private static bool Postscript(IfevalArguments arguments, string answer)
    {
        var marker = arguments.Text("postscript_marker");
        var pattern = marker switch
        {
            "P.P.S" => @"\s*p\.\s?p\.\s?s.*$",
            "P.S." => @"\s*p\.\s?s\..*$",
            _ => $@"\s*{PythonText.Lower(marker)}.*$",
        };
        return Regex.IsMatch(PythonText.Lower(answer), PythonText.Pattern(pattern), RegexOptions.Multiline);
    }

    private static int Highlights(string answer) =>
        OneStar().Matches(answer).Count(match => !PythonText.IsEmpty(match.Value.Trim('*')))
        + TwoStars().Matches(answer).Count(match => !PythonText.IsEmpty(match.Value[2..^2]));

    private static string WithoutFence(string answer)
    {
        var text = PythonText.Strip(answer);
        foreach (var fence in _fences)
        {
            if (text.StartsWith(fence, StringComparison.Ordinal))
                text = text[fence.Length..];
        }
        return PythonText.Strip(text.EndsWith("```", StringComparison.Ordinal) ? text[..^3] : text);
    }

    [GeneratedRegex(@"\[.*?\]")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^[\s\x1c-\x1f]*\*[^\*].*$", RegexOptions.Multiline)]
    private static partial Regex StarBullet();

    [GeneratedRegex(@"^[\s\x1c-\x1f]*-.*$", RegexOptions.Multiline)]
    private static partial Regex DashBullet();

    [GeneratedRegex(@"\*[^\n\*]*\*")]
    private static partial Regex OneStar();

    [GeneratedRegex(@"\*\*[^\n\*]*\*\*")]
    private static partial Regex TwoStars();

    [GeneratedRegex(@"<<[^\n]+>>")]
    private static partial Regex Title();
}
