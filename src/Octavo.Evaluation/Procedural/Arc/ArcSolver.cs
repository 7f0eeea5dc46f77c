using System.Text.RegularExpressions;

namespace Octavo.Evaluation.Procedural.Arc;

/// <summary>
/// Answers a question from its text alone: reads every link back from the sentences, asks for each choice what can be reached from it,
/// and names those from which the question's end is reached.
/// </summary>
internal static class ArcSolver
{
    /// <summary>The choices that the text proves.</summary>
    /// <param name="theme">Whose sentences the text is told in.</param>
    /// <param name="question">Facts, then the question.</param>
    /// <param name="choices">What is chosen from.</param>
    public static IReadOnlyList<string> Solve(ArcTheme theme, string question, IEnumerable<string> choices)
    {
        List<(string From, string To)> links = [];
        string? wanted = null;
        foreach (var sentence in Regex.Split(question, @"(?<=[.?]) "))
        {
            // the longer question first: in one world the other would match it too
            if (Match(theme.AskFeature, sentence) is { } feature)
                wanted = feature.B;
            else if (Match(theme.AskEnd, sentence) is { } end)
                wanted = end.B;
            else if (theme.Links.Select(link => Match(link, sentence)).FirstOrDefault(link => link is not null) is { } link)
                links.Add((link.A, link.B));
        }
        return wanted is null ? [] : [.. choices.Where(choice => Reaches(links, choice, wanted))];
    }

    private static bool Reaches(List<(string From, string To)> links, string from, string wanted)
    {
        HashSet<string> reached = [from];
        for (var before = 0; before < reached.Count;)
        {
            before = reached.Count;
            foreach (var link in links.Where(link => reached.Contains(link.From)).ToList())
                reached.Add(link.To);
        }
        return reached.Contains(wanted);
    }

    private static Link? Match(string pattern, string sentence)
    {
        var text = Regex.Escape(pattern).Replace(@"\{a}", "(?<a>.+?)", StringComparison.Ordinal).Replace(@"\{b}", "(?<b>.+?)", StringComparison.Ordinal);
        var match = Regex.Match(sentence, $"^{text}$");
        return match.Success ? new Link(match.Groups["a"].Value, match.Groups["b"].Value) : null;
    }

    private sealed record Link(string A, string B);
}
