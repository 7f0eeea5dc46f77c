using System.Globalization;
using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Library;

/// <summary>The filter <c>tojson</c>, which is Python's <c>json.dumps</c> without escaping for HTML.</summary>
internal sealed class JsonText
{
    private readonly RenderContext _context;
    private readonly TextBuilder _target;
    private readonly bool _ensureAscii;
    private readonly bool _sortsKeys;
    private readonly string? _indent;
    private readonly string _itemSeparator;
    private readonly string _keySeparator;

    private JsonText(RenderContext context, Value?[] options)
    {
        _context = context;
        _target = new TextBuilder(context);
        _ensureAscii = options[0]?.IsTrue ?? false;
        _sortsKeys = options[3]?.IsTrue ?? false;
        _indent = options[1] switch
        {
            null or NoneValue => null,
            StringValue text => text.Text,
            var width => new TextBuilder(context).Append(' ', Numbers.Integer(context, width, "the indent of tojson")).ToString(),
        };
        (_itemSeparator, _keySeparator) = options[2] switch
        {
            null or NoneValue => (_indent is null ? ", " : ",", ": "),
            SequenceValue { Elements: [StringValue item, StringValue key] } => (item.Text, key.Text),
            _ => throw context.Fail("the separators of tojson must be two texts"),
        };
    }

    public static StringValue Filter(RenderContext context, Value value, Arguments arguments)
    {
        var options = arguments.Bind(context, "tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys");
        var json = new JsonText(context, options);
        json.Write(value, 0);
        return new StringValue(json._target.ToString());
    }

    private void Write(Value value, int level)
    {
        var line = _context.Enter();
        switch (value)
        {
            case StringValue text: WriteText(text.Text); break;
            case SequenceValue sequence: WriteList(sequence.Elements, level); break;
            case DictValue mapping: WriteObject(mapping, level); break;
            case NoneValue or BoolValue or IntValue or BigIntValue or FloatValue: _target.Append(Scalar(value)); break;
            case UndefinedValue undefined: throw _context.Fail($"tojson cannot write an undefined value: {undefined.Problem(_context)}");
            default: throw _context.Fail($"tojson cannot write a {value.TypeName}");
        }
        _context.Leave(line);
    }

    private static string Scalar(Value value) => value switch
    {
        BoolValue flag => flag.IsTrue ? "true" : "false",
        IntValue number => number.Number.ToString(CultureInfo.InvariantCulture),
        BigIntValue big => big.Digits,
        FloatValue { Number: var number } => double.IsNaN(number) ? "NaN"
            : double.IsInfinity(number) ? (number > 0 ? "Infinity" : "-Infinity")
            : FloatText.Representation(number),
        _ => "null",
    };

    private void WriteList(Value[] items, int level)
    {
        _target.Append('[');
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0) _target.Append(_itemSeparator);
            NewLine(level + 1);
            Write(items[i], level + 1);
        }
        if (items.Length > 0) NewLine(level);
        _target.Append(']');
    }

    private void WriteObject(DictValue mapping, int level)
    {
        _target.Append('{');
        var order = Order(mapping);
        for (var i = 0; i < mapping.Count; i++)
        {
            var (key, value) = mapping[order?[i] ?? i];
            if (i > 0) _target.Append(_itemSeparator);
            NewLine(level + 1);
            WriteText(KeyText(key));
            _target.Append(_keySeparator);
            Write(value, level + 1);
        }
        if (mapping.Count > 0) NewLine(level);
        _target.Append('}');
    }

    private string KeyText(Value key) => key switch
    {
        StringValue text => text.Text,
        NoneValue or BoolValue or IntValue or BigIntValue or FloatValue => Scalar(key),
        _ => throw _context.Fail($"tojson cannot write a {key.TypeName} as a key"),
    };

    private int[]? Order(DictValue mapping) =>
        _sortsKeys ? Sorting.Order(_context, [.. mapping.Keys], reverse: false) : null;

    private void NewLine(int level)
    {
        if (_indent is null) return;
        _target.Append('\n');
        for (var i = 0; i < level; i++) _target.Append(_indent);
    }

    private void WriteText(string text)
    {
        _target.Append('"');
        var written = 0;
        for (var place = 0; place < text.Length; place++)
        {
            var character = text[place];
            if (character >= ' ' && character is not ('"' or '\\') && (character < '\u007f' || !_ensureAscii)) continue;
            _target.Append(text.AsSpan(written, place - written)).Append(Escape(character));
            written = place + 1;
        }
        _target.Append(text.AsSpan(written)).Append('"');
    }

    private static string Escape(char character) => character switch
    {
        '"' => "\\\"",
        '\\' => @"\\",
        '\n' => @"\n",
        '\r' => @"\r",
        '\t' => @"\t",
        '\f' => @"\f",
        '\b' => @"\b",
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
    };
}
