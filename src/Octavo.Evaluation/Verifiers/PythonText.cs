using System.Buffers;
using System.Collections.Frozen;
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

    // Unicode's SpecialCasing.txt, and the dotless i, which .NET leaves alone
    private static readonly FrozenDictionary<char, string> _upper = new Dictionary<char, string>
    {
        ['\u00df'] = "SS", ['\u0131'] = "I", ['\u0149'] = "\u02bcN", ['\u01f0'] = "J\u030c", ['\u0390'] = "\u0399\u0308\u0301",
        ['\u03b0'] = "\u03a5\u0308\u0301", ['\u0587'] = "\u0535\u0552", ['\u1e96'] = "H\u0331", ['\u1e97'] = "T\u0308",
        ['\u1e98'] = "W\u030a", ['\u1e99'] = "Y\u030a", ['\u1e9a'] = "A\u02be", ['\ufb00'] = "FF", ['\ufb01'] = "FI", ['\ufb02'] = "FL",
        ['\ufb03'] = "FFI", ['\ufb04'] = "FFL", ['\ufb05'] = "ST", ['\ufb06'] = "ST", ['\ufb13'] = "\u0544\u0546", ['\ufb14'] = "\u0544\u0535",
        ['\ufb15'] = "\u0544\u053b", ['\ufb16'] = "\u054e\u0546", ['\ufb17'] = "\u0544\u053d",
    }.ToFrozenDictionary();

    private static readonly SearchValues<char> _longer = SearchValues.Create([.. _upper.Keys]);

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

    /// <summary><c>str.split()</c>: what blanks separate.</summary>
    public static string[] Split(string text) =>
        string.Concat(text.Select(letter => IsBlank(letter) ? ' ' : letter)).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public static bool IsEmpty(string text) => Strip(text).Length == 0;

    /// <summary><c>str.lower()</c>, but for the final form of sigma: one letter becomes two characters.</summary>
    public static string Lower(string text) => text.Replace("\u0130", "i\u0307", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>
    /// <c>str.upper()</c>: letters that become several, such as the German sharp s and ligatures; Greek letters with iota below keep theirs.
    /// </summary>
    public static string Upper(string text)
    {
        var upper = text.ToUpperInvariant();
        if (!upper.AsSpan().ContainsAny(_longer))
            return upper;
        var longer = new StringBuilder();
        foreach (var letter in upper)
        {
            if (_upper.TryGetValue(letter, out var letters))
                longer.Append(letters);
            else
                longer.Append(letter);
        }
        return longer.ToString();
    }

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
