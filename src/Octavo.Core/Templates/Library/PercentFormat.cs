using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Library;

/// <summary>Python's <c>text % values</c>, which is also the filter <c>format</c>.</summary>
internal ref struct PercentFormat
{
    private readonly RenderContext _context;
    private readonly string _format;
    private readonly TextBuilder _target;
    private readonly Value _values;
    private readonly Value[] _list;
    private int _place;
    private int _taken;
    private bool _usesKeys;

    private PercentFormat(RenderContext context, string format, Value values)
    {
        _context = context;
        _format = format;
        _values = values;
        _list = values is TupleValue tuple ? tuple.Elements : [values];
        _target = new TextBuilder(context);
    }

    public static StringValue Apply(RenderContext context, StringValue format, Value values)
    {
        if (format.IsSafe) throw context.Unsupported("a format of a text that is marked safe");
        context.ChargeText(format.Text.Length);
        return new StringValue(new PercentFormat(context, format.Text, values).Run());
    }

    private string Run()
    {
        while (_place < _format.Length)
        {
            var next = _format.IndexOf('%', _place);
            if (next < 0) next = _format.Length;
            _target.Append(_format.AsSpan(_place, next - _place));
            _place = next + 1;
            if (next < _format.Length) Directive();
        }
        // Whatever could be asked for a key may go unused.
        var mayRest = _usesKeys || (_values.HasItems && _values is not (TupleValue or StringValue));
        if (_taken < _list.Length && !mayRest) throw _context.Fail("a format has more values than places");
        return _target.ToString();
    }

    private void Directive()
    {
        var value = Key();
        var flags = "";
        while (Peek() is '-' or '+' or ' ' or '#' or '0')
        {
            if (!flags.Contains(Peek())) flags += Peek();
            _place++;
        }
        var width = Number() ?? 0;
        int? precision = null;
        if (Peek() == '.')
        {
            _place++;
            precision = (int)Math.Min(Number() ?? 0, TemplateLimits.TextLength);
        }
        if (Peek() is 'l' or 'h' or 'L') _place++;
        if (_place >= _format.Length) throw _context.Fail("a format ends inside a place");
        var form = _format[_place++];
        if (form == '%')
        {
            _target.Append('%');
            return;
        }
        Write(form, value ?? Take(), flags, width, precision);
    }

    private Value? Key()
    {
        if (Peek() != '(') return null;
        var end = _format.IndexOf(')', _place);
        if (end < 0) throw _context.Fail("a format has a key without its closing parenthesis");
        var key = _format[(_place + 1)..end];
        _place = end + 1;
        _usesKeys = true;
        if (_values is not DictValue mapping) throw _context.Fail("a format with keys needs a mapping");
        return mapping.Find(_context, new StringValue(key))
            ?? throw _context.Fail($"a format asks for the key '{key}', which is not given");
    }

    private Value Take()
    {
        if (_taken >= _list.Length) throw _context.Fail("a format has more places than values");
        return _list[_taken++];
    }

    private readonly void Write(char form, Value value, string flags, long width, int? precision)
    {
        var align = flags.Contains('-') ? '<' : '>';
        if (form is 's' or 'r' or 'c')
        {
            var text = form switch { 's' => _context.Text(value), 'r' => _context.Representation(value), _ => Character(value) };
            var shown = new StringValue(text);
            if (precision is { } most) shown = (StringValue)shown.GetSlice(_context, null, new IntValue(most), null);
            NumberFormat.Pad(_target, shown.Text, shown.CharacterCount(_context), width, align, " ");
            return;
        }
        var sign = flags.Contains('+') ? '+' : flags.Contains(' ') ? ' ' : '-';
        var parts = Parts(form, value, flags.Contains('#'), sign, precision);
        var missing = width - parts.Sign.Length - parts.Prefix.Length - parts.Digits.Length;
        var zeros = flags.Contains('0') && align == '>' ? Math.Max(0, missing) : 0;
        if (align == '>' && zeros == 0) _target.Append(' ', missing);
        _target.Append(parts.Sign).Append(parts.Prefix).Append('0', zeros).Append(parts.Digits);
        if (align == '<') _target.Append(' ', missing);
    }

    private readonly NumberParts Parts(char form, Value value, bool alternate, char sign, int? precision)
    {
        switch (form)
        {
            case 'd' or 'i' or 'u':
                var whole = value is FloatValue number && double.IsFinite(number.Number) ? Numbers.Truncate(number.Number) : value;
                return Padded(NumberFormat.Integer(_context, RequireWhole(whole, form), 'd', alternate, sign), precision);
            case 'x' or 'X' or 'o':
                return Padded(NumberFormat.Integer(_context, RequireWhole(value, form), form, alternate, sign), precision);
            case 'e' or 'E' or 'f' or 'F' or 'g' or 'G':
                if (precision > TemplateLimits.Precision)
                    throw _context.Unsupported($"more than {TemplateLimits.Precision} digits in a format");
                var real = Numbers.AsDouble(value) ?? throw _context.Fail($"a format needs a number for %{form}, not a {value.TypeName}");
                return NumberFormat.Float(_context, real, form, precision ?? 6, alternate, sign);
            default:
                throw _context.Unsupported($"the format %{form}; formats are %s %r %c %d %i %u %x %X %o %e %E %f %F %g %G %%");
        }
    }

    private readonly NumberParts Padded(NumberParts parts, int? precision)
    {
        if (precision is not { } least || least <= parts.Digits.Length) return parts;
        return parts with { Digits = new TextBuilder(_context).Append('0', least - parts.Digits.Length).Append(parts.Digits).ToString() };
    }

    private readonly Value RequireWhole(Value value, char form) => value is IntValue or BoolValue or BigIntValue
        ? value
        : throw _context.Fail($"a format needs a whole number for %{form}, not a {value.TypeName}");

    private readonly string Character(Value value) => value switch
    {
        StringValue text when text.CharacterCount(_context) == 1 => text.Text,
        IntValue { Number: >= 0 and <= 0x10ffff and not (>= 0xd800 and < 0xe000) } code => char.ConvertFromUtf32((int)code.Number),
        _ => throw _context.Fail("a format needs one character for %c"),
    };

    private long? Number()
    {
        if (Peek() == '*') throw _context.Unsupported("a width '*' in a format");
        var start = _place;
        long number = 0;
        while (char.IsAsciiDigit(Peek()))
        {
            number = Math.Min(number * 10 + (Peek() - '0'), int.MaxValue);
            _place++;
        }
        return _place == start ? null : number;
    }

    private readonly char Peek() => _place < _format.Length ? _format[_place] : '\0';
}
