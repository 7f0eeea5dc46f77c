using System.Text.RegularExpressions;
using Octavo.Evaluation.Verifiers;

namespace Octavo.Evaluation.TextMetrics;

/// <summary>Answers as SQuAD's evaluation compares them: lower case, without ASCII punctuation, without articles.</summary>
internal static class SquadAnswer
{
    private static readonly Regex _articles = new(PythonText.Pattern(@"\b(a|an|the)\b"), RegexOptions.CultureInvariant);

    /// <summary>The words of an answer that count.</summary>
    public static IReadOnlyList<string> Words(string text)
    {
        var plain = string.Concat(PythonText.Lower(text).Where(letter => !char.IsAscii(letter) || !(char.IsPunctuation(letter) || char.IsSymbol(letter))));
        return PythonText.Split(_articles.Replace(plain, " "));
    }
}
