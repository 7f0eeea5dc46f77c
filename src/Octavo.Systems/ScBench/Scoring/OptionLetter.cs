using System.Text.RegularExpressions;

namespace Octavo.Systems.ScBench.Scoring;

/// <summary>Which option an answer chooses, read strictly from its first line.</summary>
internal static partial class OptionLetter
{
    /// <summary>
    /// The letter that is the whole line or begins it as "B." or "B)", else the first one in parentheses, else the one that follows
    /// "answer", "option" or "choice"; null where there is none of these.
    /// </summary>
    public static string? Read(string prediction)
    {
        var line = FreeAnswer.FirstLine(prediction).Trim('*', '"', '\'', ' ');
        foreach (var pattern in (ReadOnlySpan<Regex>)[Alone(), Parenthesized(), Named()])
        {
            if (pattern.Match(line) is { Success: true } match)
                return match.Groups[1].Value;
        }
        return null;
    }

    [GeneratedRegex(@"^\(?([A-Z])(?:\)?[.:,]?$|\)?[.:]\s|\)\s)")]
    private static partial Regex Alone();

    [GeneratedRegex(@"\(([A-Z])\)")]
    private static partial Regex Parenthesized();

    [GeneratedRegex(@"(?i:answer|option|choice)(?i:\s+is)?\s*:?\s*([A-Z])\b")]
    private static partial Regex Named();
}
