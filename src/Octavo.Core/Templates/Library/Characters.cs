using System.Globalization;
using System.Text;

namespace Octavo.Core.Templates.Library;

/// <summary>Python's classes of characters.</summary>
internal static class Characters
{
    /// <summary>What <c>strip()</c> and <c>split()</c> take for space: Unicode's, and the four separators of ASCII.</summary>
    public const string Whitespace =
        "\t\n\v\f\r\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a" +
        "\u2028\u2029\u202f\u205f\u3000";

    public static bool IsSpace(char character) =>
        character <= ' '
            ? character is ' ' or (>= '\t' and <= '\r') or (>= '\u001c' and <= '\u001f')
            : char.IsWhiteSpace(character);

    /// <summary>Where <c>splitlines()</c> ends a line.</summary>
    public static bool IsLineEnd(char character) =>
        character is (>= '\n' and <= '\r') or (>= '\u001c' and <= '\u001e') or '\u0085' or '\u2028' or '\u2029';

    /// <summary>What <c>repr()</c> shows as it is.</summary>
    public static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator);

    public static bool IsAlphabetic(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter
        or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter;

    public static bool IsDecimal(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber;

    /// <summary>Decimal digits, and digits that do not make numbers, such as ².</summary>
    public static bool IsDigit(Rune rune) => CharUnicodeInfo.GetDigitValue(rune.ToString(), 0) >= 0;

    public static bool IsAlphanumeric(Rune rune) => IsAlphabetic(rune) || Rune.GetNumericValue(rune) != -1;

    /// <summary>What a regular expression's <c>\w</c> matches.</summary>
    public static bool IsWord(Rune rune) => rune.Value == '_' || IsAlphanumeric(rune);
}
