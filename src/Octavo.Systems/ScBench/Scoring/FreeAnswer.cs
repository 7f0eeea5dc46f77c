using System.Text.RegularExpressions;

namespace Octavo.Systems.ScBench.Scoring;

/// <summary>Whether a free answer says one thing and nothing else.</summary>
internal static class FreeAnswer
{
    /// <summary>
    /// Whether the first line with text is the wanted text, perhaps behind words that end with "is", a colon or an equals sign, in
    /// quotes, or with a full stop: what follows that line is not looked at.
    /// </summary>
    /// <param name="prediction">What the model wrote.</param>
    /// <param name="wanted">The text.</param>
    /// <param name="ignoreCase">Whether upper and lower case count as the same.</param>
    public static bool Is(string prediction, string wanted, bool ignoreCase = false)
    {
        var text = Regex.Escape(wanted.Trim());
        // a backtick counts in a pair only: strings to be retrieved may hold one
        var pattern = $"^(?:.*(?:\\bis|[:=])\\s*)?(?:[\"'*]*{text}[\"'*]*|`{text}`)[.!]?$";
        return wanted.Trim().Length > 0
            && Regex.IsMatch(FirstLine(prediction), pattern, RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None));
    }

    /// <summary>The first line that is not blank, without blanks around it; empty where there is none.</summary>
    public static string FirstLine(string prediction) =>
        prediction.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0) ?? "";
}
