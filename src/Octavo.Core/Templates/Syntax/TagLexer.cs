using System.Globalization;
using System.Text;
using Octavo.Core.Templates.Runtime;

namespace Octavo.Core.Templates.Syntax;

/// <summary>Reads the tokens inside a tag.</summary>
internal sealed class TagLexer(string source)
{
    // The closing brackets that are waited for, the innermost last.
    private readonly StringBuilder _open = new();

    public bool IsInBrackets => _open.Length > 0;

    public void Open() => _open.Clear();

    /// <summary>Reads the token at a place that is not white space.</summary>
    public Token Read(ref int place, int line)
    {
        var first = source[place];
        if (char.IsAsciiDigit(first)) return ReadNumber(ref place, line);
        if (first is '\'' or '"') return ReadString(ref place, line);
        if (IsNameStart(place)) return ReadName(ref place, line);
        return ReadOperator(ref place, line);
    }

    private Token ReadName(ref int place, int line)
    {
        var start = place;
        while (place < source.Length && IsNamePart(place)) place += char.IsHighSurrogate(source[place]) ? 2 : 1;
        if (place - start > TemplateLimits.NameLength)
            throw TemplateSyntax.Error(line, $"a name has {place - start} characters; it may have {TemplateLimits.NameLength}");
        return new Token(TokenKind.Name, source[start..place], line);
    }

    private bool IsNameStart(int place) =>
        source[place] == '_' || char.IsAsciiLetter(source[place]) || (source[place] > '\u007f' && IsIdentifier(place, isStart: true));

    private bool IsNamePart(int place) =>
        source[place] == '_' || char.IsAsciiLetterOrDigit(source[place]) || (source[place] > '\u007f' && IsIdentifier(place, isStart: false));

    private bool IsIdentifier(int place, bool isStart) => CharUnicodeInfo.GetUnicodeCategory(source, place) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber => true,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber
            or UnicodeCategory.ConnectorPunctuation => !isStart,
        _ => false,
    };

    private Token ReadNumber(ref int place, int line)
    {
        var start = place;
        if (source[place] == '0' && RadixDigits(At(place + 1)) is { } digits && SkipRadix(place + 2, digits) is var end and > 0)
        {
            place = end;
            return new Token(TokenKind.Integer, Clean(start, end), line);
        }
        var whole = SkipDigits(place);
        // A number behind a dot is a place, as in `list.0.1`, and has no fraction.
        var isPlace = start > 0 && source[start - 1] == '.';
        var fraction = !isPlace && At(whole) == '.' && char.IsAsciiDigit(At(whole + 1)) ? SkipDigits(whole + 1) : whole;
        var exponent = isPlace ? fraction : SkipExponent(fraction);
        if (exponent > whole)
        {
            place = exponent;
            return new Token(TokenKind.Float, Clean(start, exponent), line);
        }
        place = source[start] == '0' ? SkipZeros(start) : whole;
        return new Token(TokenKind.Integer, Clean(start, place), line);
    }

    private char At(int place) => place < source.Length ? source[place] : '\0';

    private static string? RadixDigits(char mark) => (mark | 0x20) switch
    {
        'x' => "0123456789abcdefABCDEF",
        'o' => "01234567",
        'b' => "01",
        _ => null,
    };

    private int SkipRadix(int place, string digits)
    {
        var start = place;
        while (digits.Contains(At(place)) || (At(place) == '_' && digits.Contains(At(place + 1)))) place++;
        return place > start ? place : 0;
    }

    private int SkipDigits(int place)
    {
        while (char.IsAsciiDigit(At(place)) || (At(place) == '_' && char.IsAsciiDigit(At(place + 1)))) place++;
        return place;
    }

    private int SkipZeros(int place)
    {
        while (At(place) == '0' || (At(place) == '_' && At(place + 1) == '0')) place++;
        return place;
    }

    private int SkipExponent(int place)
    {
        if (At(place) is not ('e' or 'E')) return place;
        var digits = At(place + 1) is '+' or '-' ? place + 2 : place + 1;
        return char.IsAsciiDigit(At(digits)) ? SkipDigits(digits) : place;
    }

    private string Clean(int start, int end) => source[start..end].Replace("_", "", StringComparison.Ordinal);

    private Token ReadString(ref int place, int line)
    {
        var quote = source[place];
        for (var end = place + 1; end < source.Length; end++)
        {
            if (source[end] == '\\') end++;
            else if (source[end] == quote)
            {
                var text = StringEscapes.Read(source[(place + 1)..end], line);
                place = end + 1;
                return new Token(TokenKind.String, text, line);
            }
        }
        throw TemplateSyntax.Error(line, $"a text that starts with {quote} has no end");
    }

    private Token ReadOperator(ref int place, int line)
    {
        var two = source.AsSpan(place, Math.Min(2, source.Length - place));
        var sign = two is "//" or "**" or "==" or "!=" or ">=" or "<=" ? two.ToString() : One(source[place]);
        if (sign is null) throw TemplateSyntax.Error(line, $"the character '{source[place]}' is not expected here");
        switch (sign)
        {
            case "(": _open.Append(')'); break;
            case "[": _open.Append(']'); break;
            case "{": _open.Append('}'); break;
            case ")" or "]" or "}": Close(sign[0], line); break;
        }
        place += sign.Length;
        return new Token(TokenKind.Operator, sign, line);
    }

    private void Close(char bracket, int line)
    {
        if (_open.Length == 0) throw TemplateSyntax.Error(line, $"'{bracket}' closes nothing");
        var expected = _open[^1];
        _open.Length--;
        if (expected != bracket) throw TemplateSyntax.Error(line, $"'{bracket}' stands where '{expected}' is expected");
    }

    private static string? One(char character) => "+-/*%~[](){}<>=.:|,;".Contains(character) ? character.ToString() : null;
}
