using System.Globalization;
using System.Text;
using Octavo.Core.Templates.Runtime;

namespace Octavo.Core.Templates.Library;

/// <summary>Upper, lower and title case as Python maps them.</summary>
internal static class CaseMapping
{
    public static string Upper(RenderContext context, string text)
    {
        context.ChargeText(text.Length);
        if (Ascii.IsValid(text)) return text.ToUpperInvariant();
        context.ChargeSlowText(text.Length);
        var upper = new StringBuilder(text.Length);
        for (var place = 0; place < text.Length;) AppendUpper(upper, text, ref place);
        return upper.ToString();
    }

    public static string Lower(RenderContext context, string text)
    {
        context.ChargeText(text.Length);
        if (!text.AsSpan().ContainsAny('İ', 'Σ')) return text.ToLowerInvariant();
        context.ChargeSlowText(text.Length);
        var lower = new StringBuilder(text.Length + 8);
        for (var place = 0; place < text.Length;) AppendLower(lower, text, ref place);
        return lower.ToString();
    }

    /// <summary><c>str.capitalize()</c>: the first character in title case, the rest in lower case.</summary>
    public static string Capitalize(RenderContext context, string text)
    {
        if (text.Length == 0) return text;
        var lower = Lower(context, text);
        var first = new StringBuilder();
        var place = 0;
        AppendTitle(first, text, ref place);
        return first + lower[LowerLength(text)..];
    }

    /// <summary><c>str.title()</c>: a letter behind a letter is lower, any other is in title case.</summary>
    public static string Title(RenderContext context, string text)
    {
        context.ChargeSlowText(text.Length);
        var title = new StringBuilder(text.Length);
        var behindLetter = false;
        for (var place = 0; place < text.Length;)
        {
            var isCased = Rune.TryGetRuneAt(text, place, out var rune) && IsCased(rune);
            if (behindLetter) AppendLower(title, text, ref place);
            else AppendTitle(title, text, ref place);
            behindLetter = isCased;
        }
        return title.ToString();
    }

    public static string SwapCase(RenderContext context, string text)
    {
        context.ChargeSlowText(text.Length);
        var swapped = new StringBuilder(text.Length);
        for (var place = 0; place < text.Length;)
        {
            var isRune = Rune.TryGetRuneAt(text, place, out var rune);
            if (isRune && IsUpper(rune)) AppendLower(swapped, text, ref place);
            else if (isRune && IsTitle(rune)) AppendMapped(swapped, text, ref place, same => same);
            else AppendUpper(swapped, text, ref place);
        }
        return swapped.ToString();
    }

    public static bool IsCased(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        || IsOtherLower(rune.Value) || IsOtherUpper(rune.Value);

    public static bool IsUpper(Rune rune) =>
        Rune.IsUpper(rune) || IsOtherUpper(rune.Value);

    // Unicode's Other_Uppercase: Roman numerals and letters in circles and squares.
    private static bool IsOtherUpper(int code) => code is (>= 0x2160 and <= 0x216f) or (>= 0x24b6 and <= 0x24cf)
        or (>= 0x1f130 and <= 0x1f149) or (>= 0x1f150 and <= 0x1f169) or (>= 0x1f170 and <= 0x1f189);

    // Unicode's Other_Lowercase: small letters that are no lower case of another.
    private static bool IsOtherLower(int code) => code is 0xaa or 0xba or (>= 0x2b0 and <= 0x2b8) or 0x2c0 or 0x2c1
        or (>= 0x2e0 and <= 0x2e4) or 0x345 or 0x37a or (>= 0x1d2c and <= 0x1d6a) or 0x1d78 or (>= 0x1d9b and <= 0x1dbf)
        or 0x2071 or 0x207f or (>= 0x2090 and <= 0x209c) or (>= 0x2170 and <= 0x217f) or (>= 0x24d0 and <= 0x24e9)
        or 0x2c7c or 0x2c7d or 0xa69c or 0xa69d or 0xa770 or (>= 0xa7f2 and <= 0xa7f4) or 0xa7f8 or 0xa7f9
        or (>= 0xab5c and <= 0xab5f) or (>= 0x10780 and <= 0x107ba and not (0x10786 or 0x107b1));

    public static bool IsTitle(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.TitlecaseLetter;

    private static int LowerLength(string text)
    {
        var place = 0;
        var lower = new StringBuilder();
        AppendLower(lower, text, ref place);
        return lower.Length;
    }

    private static void AppendUpper(StringBuilder target, string text, ref int place)
    {
        if (SpecialCasing.Upper(text[place]) is { } several)
        {
            target.Append(several);
            place++;
            return;
        }
        AppendMapped(target, text, ref place, Rune.ToUpperInvariant);
    }

    private static void AppendTitle(StringBuilder target, string text, ref int place)
    {
        if (SpecialCasing.Title(text[place]) is { } title)
        {
            target.Append(title);
            place++;
            return;
        }
        AppendUpper(target, text, ref place);
    }

    private static void AppendLower(StringBuilder target, string text, ref int place)
    {
        if (text[place] is not ('İ' or 'Σ'))
        {
            AppendMapped(target, text, ref place, Rune.ToLowerInvariant);
            return;
        }
        target.Append(text[place] == 'İ' ? "i\u0307" : EndsWord(text, place) ? "ς" : "σ");
        place++;
    }

    private static void AppendMapped(StringBuilder target, string text, ref int place, Func<Rune, Rune> map)
    {
        if (!Rune.TryGetRuneAt(text, place, out var rune))
        {
            target.Append(text[place++]);
            return;
        }
        target.Append(map(rune).ToString());
        place += rune.Utf16SequenceLength;
    }

    // Unicode's Final_Sigma: a cased letter before, none behind, marks between them not counting.
    private static bool EndsWord(string text, int place)
    {
        var before = place - 1;
        while (before >= 0 && IsCaseIgnorable(text[before])) before--;
        if (before < 0 || !IsCased(RuneEndingAt(text, before))) return false;
        var behind = place + 1;
        while (behind < text.Length && IsCaseIgnorable(text[behind])) behind++;
        return behind >= text.Length || !Rune.TryGetRuneAt(text, behind, out var rune) || !IsCased(rune);
    }

    private static Rune RuneEndingAt(string text, int place) =>
        Rune.DecodeLastFromUtf16(text.AsSpan(0, place + 1), out var rune, out _) == System.Buffers.OperationStatus.Done
            ? rune
            : Rune.ReplacementChar;

    private static bool IsCaseIgnorable(char character) => char.GetUnicodeCategory(character) is
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
        or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol
        || character is '\'' or '.' or ':' or '\u00b7' or '\u0387' or '\u2018' or '\u2019' or '\u2024' or '\u2027';
}
