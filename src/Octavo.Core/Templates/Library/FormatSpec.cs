using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Library;

/// <summary>What stands behind the colon of a field of <c>str.format</c>.</summary>
internal sealed class FormatSpec
{
    private string _fill = " ";
    private char _align;
    private char _sign = '-';
    private bool _alternate;
    private char _grouping;
    private long _width;
    private int? _precision;
    private char _form;

    /// <summary>Writes a value by a specification.</summary>
    public static void Write(RenderContext context, TextBuilder target, Value value, string text)
    {
        if (text.Length == 0)
        {
            target.AppendText(value);
            return;
        }
        var spec = Parse(context, text);
        switch (value)
        {
            case StringValue characters: spec.WriteText(context, target, characters); break;
            case FloatValue number: spec.WriteFloat(context, target, number.Number); break;
            case IntValue or BoolValue or BigIntValue: spec.WriteInteger(context, target, value); break;
            default: throw context.Fail($"a {value.TypeName} takes no format '{text}'");
        }
    }

    private static FormatSpec Parse(RenderContext context, string text)
    {
        var spec = new FormatSpec();
        var place = spec.ReadAlignment(text);
        char At() => place < text.Length ? text[place] : '\0';
        if (At() is '+' or '-' or ' ') spec._sign = text[place++];
        if (At() == '#') (spec._alternate, place) = (true, place + 1);
        if (At() == '0')
        {
            if (spec._align == '\0') (spec._fill, spec._align) = ("0", '=');
            place++;
        }
        spec._width = ReadNumber(text, ref place) ?? 0;
        if (At() is ',' or '_') spec._grouping = text[place++];
        if (At() == '.')
        {
            place++;
            spec._precision = (int?)ReadNumber(text, ref place) ?? throw context.Fail($"the format '{text}' lacks its precision");
        }
        if (place < text.Length) spec._form = text[place++];
        if (place < text.Length) throw context.Fail($"the format '{text}' is not valid");
        return spec;
    }

    private int ReadAlignment(string text)
    {
        var first = System.Text.Rune.TryGetRuneAt(text, 0, out var rune) ? rune.Utf16SequenceLength : 1;
        if (text.Length > first && text[first] is '<' or '>' or '^' or '=')
        {
            (_fill, _align) = (text[..first], text[first]);
            return first + 1;
        }
        if (text[0] is not ('<' or '>' or '^' or '=')) return 0;
        _align = text[0];
        return 1;
    }

    private static long? ReadNumber(string text, ref int place)
    {
        var start = place;
        long number = 0;
        for (; place < text.Length && char.IsAsciiDigit(text[place]); place++)
            number = Math.Min(number * 10 + (text[place] - '0'), int.MaxValue);
        return place == start ? null : number;
    }

    private void WriteText(RenderContext context, TextBuilder target, StringValue text)
    {
        if (_form is not ('\0' or 's')) throw context.Fail($"a str takes no format '{_form}'");
        if (_align == '=' && _fill != "0" || _grouping != '\0' || _sign != '-' || _alternate)
            throw context.Fail("a str takes only a fill, an alignment, a width and a precision in a format");
        var shown = _precision is { } most ? (StringValue)text.GetSlice(context, null, new IntValue(most), null) : text;
        NumberFormat.Pad(target, shown.Text, shown.CharacterCount(context), _width, _align is '\0' or '=' ? '<' : _align, _fill);
    }

    private void WriteInteger(RenderContext context, TextBuilder target, Value number)
    {
        switch (_form)
        {
            case '\0' or 'd' or 'x' or 'X' or 'o' or 'b':
                if (_precision is not null) throw context.Fail("a whole number takes no precision in a format");
                WriteNumber(context, target, NumberFormat.Integer(context, number, _form == '\0' ? 'd' : _form, _alternate, _sign));
                break;
            case 'c': throw context.Unsupported("the format 'c'");
            default: WriteFloat(context, target, Numbers.AsDouble(number)!.Value); break;
        }
    }

    private void WriteFloat(RenderContext context, TextBuilder target, double number)
    {
        if (_precision > TemplateLimits.Precision) throw context.Unsupported($"more than {TemplateLimits.Precision} digits in a format");
        if (_form == '%')
        {
            var percent = NumberFormat.Float(context, number * 100, 'f', _precision ?? 6, _alternate, _sign);
            WriteNumber(context, target, percent with { Digits = percent.Digits + "%" });
            return;
        }
        if (_form is not ('\0' or 'e' or 'E' or 'f' or 'F' or 'g' or 'G'))
            throw context.Unsupported($"the format '{_form}' of a number; formats are d x X o b e E f F g G %");
        if (_form == '\0' && _precision is null && double.IsFinite(number))
        {
            var sign = NumberFormat.Float(context, number, 'f', 0, false, _sign).Sign;
            WriteNumber(context, target, new NumberParts(sign, "", FloatText.Representation(Math.Abs(number))));
            return;
        }
        var form = _form == '\0' ? 'g' : _form;
        WriteNumber(context, target, NumberFormat.Float(context, number, form, _precision ?? 6, _alternate, _sign, addsPoint: _form == '\0'));
    }

    private void WriteNumber(RenderContext context, TextBuilder target, NumberParts parts)
    {
        if (_grouping == ',' && _form is 'x' or 'X' or 'o' or 'b') throw context.Fail($"a format cannot join ',' with '{_form}'");
        var before = parts.Sign + parts.Prefix;
        var size = _form is 'x' or 'X' or 'o' or 'b' ? 4 : 3;
        if (_align == '=')
        {
            // Zeros in front are grouped too, so the width counts what the separators add.
            var least = _fill == "0" ? _width - before.Length : 0;
            var digits = Group(context, parts.Digits, size, least);
            target.Append(before);
            NumberFormat.Fill(target, _fill, _width - before.Length - digits.Length);
            target.Append(digits);
            return;
        }
        var text = before + Group(context, parts.Digits, size, 0);
        NumberFormat.Pad(target, text, text.Length, _width, _align == '\0' ? '>' : _align, _fill);
    }

    private string Group(RenderContext context, string digits, int size, long least)
    {
        if (_grouping == '\0') return digits;
        var end = 0;
        while (end < digits.Length && char.IsAsciiHexDigit(digits[end]) && !(size == 3 && digits[end] is 'e' or 'E')) end++;
        if (end == 0) return digits;
        var whole = digits[..end];
        context.RequireTextLength(least);
        context.ChargeText(least);
        var rest = digits.Length - end;
        while (whole.Length + (whole.Length - 1) / size + rest < least)
            whole = whole.PadLeft(Padded(whole.Length, size, least - rest), '0');
        var grouped = new System.Text.StringBuilder();
        for (var i = 0; i < whole.Length; i++)
        {
            if (i > 0 && (whole.Length - i) % size == 0) grouped.Append(_grouping);
            grouped.Append(whole[i]);
        }
        return grouped.Append(digits, end, rest).ToString();
    }

    private static int Padded(int length, int size, long least) => (int)Math.Max(length + 1, least * size / (size + 1));
}
