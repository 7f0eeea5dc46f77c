using System.Globalization;
using System.Text;
using Octavo.Core.Templates.Runtime;

namespace Octavo.Core.Templates.Library;

/// <summary>Texts as Python's <c>repr()</c> shows them.</summary>
internal static class TextRepresentation
{
    public static void Write(TextBuilder target, string text)
    {
        var quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        target.Append(quote);
        for (var place = 0; place < text.Length;)
        {
            var isRune = Rune.TryGetRuneAt(text, place, out var rune);
            var length = isRune ? rune.Utf16SequenceLength : 1;
            var isPlain = isRune && rune.Value != quote && rune.Value != '\\' && Characters.IsPrintable(rune);
            if (isPlain) target.Append(text.AsSpan(place, length));
            else target.Append(Escape(isRune ? rune.Value : text[place], quote));
            place += length;
        }
        target.Append(quote);
    }

    private static string Escape(int character, char quote) => character switch
    {
        '\\' => @"\\",
        '\n' => @"\n",
        '\r' => @"\r",
        '\t' => @"\t",
        _ when character == quote => "\\" + quote,
        <= 0xff => string.Create(CultureInfo.InvariantCulture, $"\\x{character:x2}"),
        <= 0xffff => string.Create(CultureInfo.InvariantCulture, $"\\u{character:x4}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\U{character:x8}"),
    };
}
