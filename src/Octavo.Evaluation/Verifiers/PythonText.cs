using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Octavo.Evaluation.Verifiers;

/// <summary>
/// Texts as Python sees them, where published verifiers depend on it. What differs in .NET: the separators U+001C to U+001F are blanks
/// there, a letter's marks are no part of words, and a text without letters is neither upper nor lower case.
/// </summary>
internal static class PythonText
{
    private const string Word = @"\p{L}\p{N}_";

    /// <summary><c>str.isspace</c> of one character.</summary>
    public static bool IsBlank(char letter) => char.IsWhiteSpace(letter) || letter is >= '\u001c' and <= '\u001f';

    /// <summary><c>str.strip()</c></summary>
    public static string Strip(string text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && IsBlank(text[start]))
            start++;
        while (end > start && IsBlank(text[end - 1]))
            end--;
        return text[start..end];
    }

    public static bool IsEmpty(string text) => Strip(text).Length == 0;

    public static string Lower(string text) => text.ToLowerInvariant();

    /// <summary><c>str.isupper</c>: some letter has a case, and none is lower case.</summary>
    public static bool IsUpper(string text) => HasOnly(text, UnicodeCategory.UppercaseLetter);

    /// <summary><c>str.islower</c></summary>
    public static bool IsLower(string text) => HasOnly(text, UnicodeCategory.LowercaseLetter);

    /// <summary>The words that <c>\w+</c> finds.</summary>
    public static int CountWords(string text) => Regex.Count(text, $"[{Word}]+");

    /// <summary>A pattern of Python's <c>re</c> for .NET, as far as the two differ in what verifiers use.</summary>
    /// <param name="pattern">The pattern; <c>\w</c> and <c>\b</c> outside of sets.</param>
    public static string Pattern(string pattern) => pattern
        .Replace(@"\b", $"(?:(?<=[{Word}])(?![{Word}])|(?<![{Word}])(?=[{Word}]))", StringComparison.Ordinal)
        .Replace(@"\w", $"[{Word}]", StringComparison.Ordinal)
        .Replace(@"\s", @"[\s\x1c-\x1f]", StringComparison.Ordinal);

    private static bool HasOnly(string text, UnicodeCategory wanted)
    {
        var found = false;
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is not (UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter))
                continue;
            if (category != wanted)
                return false;
            found = true;
        }
        return found;
    }
}
