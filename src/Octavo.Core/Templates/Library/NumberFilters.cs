using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Library;

/// <summary>Filters that make numbers.</summary>
internal static class NumberFilters
{
    public static Value Abs(RenderContext context, Value value, Arguments arguments)
    {
        arguments.Bind(context, "abs", 0);
        UndefinedValue.Refuse(context, value);
        return value switch
        {
            FloatValue number => new FloatValue(Math.Abs(number.Number)),
            BigIntValue big => new BigIntValue(big.Digits.TrimStart('-')),
            IntValue { Number: >= 0 } => value,
            IntValue => Arithmetic.Negate(context, value),
            BoolValue => Arithmetic.Plus(context, value),
            _ => throw context.Fail($"abs needs a number, not a {value.TypeName}"),
        };
    }

    public static Value Int(RenderContext context, Value value, Arguments arguments)
    {
        var bound = arguments.Bind(context, "int", 0, "default", "base");
        UndefinedValue.Refuse(context, value);
        var absent = bound[0] ?? new IntValue(0);
        switch (value)
        {
            case IntValue or BigIntValue: return value;
            case BoolValue: return Arithmetic.Plus(context, value);
            case FloatValue number: return double.IsFinite(number.Number) ? Numbers.Truncate(number.Number) : absent;
            case StringValue text:
                var numberBase = bound[1] is { } given ? Numbers.Integer(context, given, "the base of int") : 10;
                var parsed = Numbers.ParseInteger(context, text.Text, (int)Math.Clamp(numberBase, -1, 37));
                if (parsed is not null) return parsed;
                return Numbers.ParseFloat(context, text.Text) is { } real && double.IsFinite(real) ? Numbers.Truncate(real) : absent;
            default: return absent;
        }
    }

    public static Value Float(RenderContext context, Value value, Arguments arguments)
    {
        var bound = arguments.Bind(context, "float", 0, "default");
        UndefinedValue.Refuse(context, value);
        var number = value is StringValue text ? Numbers.ParseFloat(context, text.Text) : Numbers.AsDouble(value);
        return number is { } real ? new FloatValue(real) : bound[0] ?? new FloatValue(0);
    }

    public static Value Round(RenderContext context, Value value, Arguments arguments)
    {
        var bound = arguments.Bind(context, "round", 0, "precision", "method");
        var precision = bound[0] is { } given ? Numbers.Integer(context, given, "the precision of round") : 0;
        UndefinedValue.Refuse(context, value);
        if (!Numbers.IsNumber(value)) throw context.Fail($"round needs a number, not a {value.TypeName}");
        return bound[1] switch
        {
            null or StringValue { Text: "common" } => Common(context, value, precision),
            StringValue { Text: "ceil" } => Towards(context, value, precision, Math.Ceiling),
            StringValue { Text: "floor" } => Towards(context, value, precision, Math.Floor),
            _ => throw context.Fail("the method of round is 'common', 'ceil' or 'floor'"),
        };
    }

    public static Value Sum(RenderContext context, Value value, Arguments arguments)
    {
        var bound = arguments.Bind(context, "sum", 0, "attribute", "start");
        var path = AttributePath.Parse(context, bound[0]);
        var total = bound[1] ?? new IntValue(0);
        if (total is StringValue) throw context.Fail("sum does not join texts; use the filter 'join'");
        foreach (var item in value.ToArray(context))
        {
            context.Charge(1);
            total = Arithmetic.Apply(context, "+", total, path.Get(context, item));
        }
        return total;
    }

    private static Value Common(RenderContext context, Value value, long precision)
    {
        if (value is not FloatValue number)
            return precision >= 0 ? Arithmetic.Plus(context, value) : throw context.Unsupported("a round of a whole number to tens");
        if (precision < 0) throw context.Unsupported("a round to a negative precision");
        if (!double.IsFinite(number.Number) || precision > 323) return value;
        context.ChargeSlowText(ExactDecimal.MostDigits + precision);
        var text = ExactDecimal.Fixed(Math.Abs(number.Number), (int)precision);
        var rounded = double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        return new FloatValue(Math.CopySign(rounded, number.Number));
    }

    private static FloatValue Towards(RenderContext context, Value value, long precision, Func<double, double> round)
    {
        if (precision is < 0 or > 300) throw context.Unsupported("a round to a precision below 0 or above 300");
        var scale = Math.Pow(10, precision);
        return new FloatValue(round(Numbers.AsDouble(value)!.Value * scale) / scale);
    }
}
