using System.Globalization;
using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Library;

/// <summary>Python's <c>str.format</c>. A field reaches attributes by the template's own rules.</summary>
internal sealed class BraceFormat(RenderContext context, Arguments arguments)
{
    private int _next;
    private bool _isNumbered;

    public static StringValue Apply(RenderContext context, StringValue format, Arguments arguments)
    {
        if (format.IsSafe) throw context.Unsupported("a format of a text that is marked safe");
        context.ChargeText(format.Text.Length);
        return new StringValue(new BraceFormat(context, arguments).Format(format.Text, isSpec: false));
    }

    private string Format(string format, bool isSpec)
    {
        var target = new TextBuilder(context);
        for (var place = 0; place < format.Length;)
        {
            var next = format.AsSpan(place).IndexOfAny('{', '}');
            if (next < 0)
            {
                target.Append(format.AsSpan(place));
                break;
            }
            target.Append(format.AsSpan(place, next));
            place += next;
            if (!isSpec && place + 1 < format.Length && format[place + 1] == format[place])
            {
                target.Append(format[place]);
                place += 2;
                continue;
            }
            if (format[place] == '}') throw context.Fail("a format has a single '}'");
            var end = FieldEnd(format, place);
            if (isSpec && format.AsSpan(place + 1, end - place - 1).Contains('{')) throw context.Fail("a format nests its fields too deep");
            Field(target, format[(place + 1)..end], isSpec);
            place = end + 1;
        }
        return target.ToString();
    }

    private int FieldEnd(string format, int start)
    {
        var open = 0;
        for (var i = start; i < format.Length; i++)
        {
            if (format[i] == '{') open++;
            else if (format[i] == '}' && --open == 0) return i;
        }
        throw context.Fail("a format has a '{' without its '}'");
    }

    private void Field(TextBuilder target, string field, bool isSpec)
    {
        var colon = field.IndexOf(':', StringComparison.Ordinal);
        var bang = field.IndexOf('!', StringComparison.Ordinal);
        if (bang >= 0 && colon >= 0 && colon < bang) bang = -1;
        var nameEnd = bang >= 0 ? bang : colon >= 0 ? colon : field.Length;
        var value = Lookup(field[..nameEnd]);
        if (bang >= 0)
        {
            if (bang + 1 >= field.Length || bang + 2 < field.Length && field[bang + 2] != ':')
                throw context.Fail("a format has a wrong conversion");
            value = Convert(value, field[bang + 1]);
        }
        var spec = colon >= 0 ? field[(colon + 1)..] : "";
        if (spec.Contains('{') && !isSpec) spec = Format(spec, isSpec: true);
        FormatSpec.Write(context, target, value, spec);
    }

    private StringValue Convert(Value value, char conversion) => conversion switch
    {
        's' => new StringValue(context.Text(value)),
        'r' => new StringValue(context.Representation(value)),
        _ => throw context.Unsupported($"the conversion '!{conversion}' in a format; conversions are !s and !r"),
    };

    private Value Lookup(string name)
    {
        var end = name.AsSpan().IndexOfAny('.', '[');
        if (end == 0) throw context.Fail("a format has a field without the number or name of its value");
        var value = First(end < 0 ? name : name[..end]);
        for (var place = end; place >= 0 && place < name.Length;)
        {
            if (name[place] == '.')
            {
                var stop = name.AsSpan(place + 1).IndexOfAny('.', '[');
                var attribute = stop < 0 ? name[(place + 1)..] : name.Substring(place + 1, stop);
                value = value.GetAttribute(context, attribute);
                place += attribute.Length + 1;
                continue;
            }
            var close = name.IndexOf(']', place);
            if (close < 0 || close + 1 < name.Length && name[close + 1] is not ('.' or '['))
                throw context.Fail("a format has a wrong field name");
            var key = name[(place + 1)..close];
            var isPlace = key.Length > 0 && key.All(char.IsAsciiDigit);
            value = value.GetItem(context, isPlace ? Numbers.FromDigits(key, negative: false) : new StringValue(key));
            place = close + 1;
        }
        return value;
    }

    private Value First(string name)
    {
        if (name.Length > 0 && !name.All(char.IsAsciiDigit))
        {
            foreach (var (key, value) in arguments.Named)
            {
                if (key == name) return value;
            }
            throw context.Fail($"a format asks for '{name}', which is not given");
        }
        if (name.Length > 0)
        {
            if (_next > 0) throw context.Fail("a format mixes numbered fields with others");
            _isNumbered = true;
        }
        else if (_isNumbered) throw context.Fail("a format mixes numbered fields with others");
        var number = long.MaxValue;
        if (name.Length > 0 && !long.TryParse(name, CultureInfo.InvariantCulture, out number)) number = long.MaxValue;
        var index = name.Length == 0 ? _next++ : number;
        return index < arguments.Positional.Length
            ? arguments.Positional[index]
            : throw context.Fail($"a format asks for value {index}, but only {arguments.Positional.Length} are given");
    }
}
