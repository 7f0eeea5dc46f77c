using System.Text.RegularExpressions;

namespace Octavo.Systems.ScBench.Scoring;

/// <summary>The numbers that a text states.</summary>
internal static partial class StatedNumbers
{
    /// <summary>Numbers as they are written, with sign, commas between groups of three digits and fraction; digits inside of words
    /// are none.</summary>
    public static IEnumerable<string> In(string text) => Number().Matches(text).Select(match => match.Value);

    [GeneratedRegex(@"(?<![\w.])[-+]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?(?!\w|[.,][0-9])")]
    private static partial Regex Number();
}
