using System.Globalization;
using System.Text;

namespace Octavo.Core.Templates.Syntax;

/// <summary>The escapes of a text in quotes, which are Python's.</summary>
internal static class StringEscapes
{
    public static string Read(string text, int line)
    {
        if (!text.Contains('\\')) return text;
        var read = new StringBuilder(text.Length);
        for (var place = 0; place < text.Length;)
        {
            if (text[place] != '\\' || place + 1 == text.Length) read.Append(text[place++]);
            else place = ReadOne(read, text, place + 1, line);
        }
        return read.ToString();
    }

    // Reads the escape behind a backslash and gives the place behind it.
    private static int ReadOne(StringBuilder read, string text, int place, int line)
    {
        var mark = text[place];
        switch (mark)
        {
            case '\n': return place + 1;
            case 'x': return ReadCode(read, text, place + 1, 2, line);
            case 'u': return ReadCode(read, text, place + 1, 4, line);
            case 'U': return ReadCode(read, text, place + 1, 8, line);
            case 'N': throw TemplateSyntax.Unsupported(line, @"the escape \N{…} of a character's name; write \u and its number");
            case >= '0' and <= '7': return ReadOctal(read, text, place);
        }
        if (mark > '\u007f') return ReadForeign(read, text, place);
        // What is no escape stays as it is written.
        if (Simple(mark) is { } character) read.Append(character);
        else read.Append('\\').Append(mark);
        return place + 1;
    }

    // The reference writes characters beyond ASCII as escapes before it reads escapes, so a backslash before one uncovers its number.
    private static int ReadForeign(StringBuilder read, string text, int place)
    {
        var isPair = place + 1 < text.Length && char.IsSurrogatePair(text[place], text[place + 1]);
        int code = isPair ? char.ConvertToUtf32(text[place], text[place + 1]) : text[place];
        var (mark, form) = code <= 0xff ? ('x', "x2") : code <= 0xffff ? ('u', "x4") : ('U', "x8");
        read.Append('\\').Append(mark).Append(code.ToString(form, CultureInfo.InvariantCulture));
        return place + (isPair ? 2 : 1);
    }

    private static char? Simple(char mark) => mark switch
    {
        '\\' or '\'' or '"' => mark,
        'a' => '\a',
        'b' => '\b',
        'f' => '\f',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\v',
        _ => null,
    };

    private static int ReadOctal(StringBuilder read, string text, int place)
    {
        var code = 0;
        var end = place;
        while (end < text.Length && end < place + 3 && text[end] is >= '0' and <= '7') code = code * 8 + (text[end++] - '0');
        read.Append((char)code);
        return end;
    }

    private static int ReadCode(StringBuilder read, string text, int place, int length, int line)
    {
        if (place + length > text.Length
            || !int.TryParse(text.AsSpan(place, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            throw TemplateSyntax.Error(line, $"an escape needs {length} hexadecimal digits");
        if (!Rune.IsValid(code)) throw TemplateSyntax.Error(line, $"the escape of {code:x} is no character");
        read.Append(new Rune(code).ToString());
        return place + length;
    }
}
