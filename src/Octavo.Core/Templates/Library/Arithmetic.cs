using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Library;

/// <summary>The operators <c>+ - * / // % **</c> by Python's rules.</summary>
internal static class Arithmetic
{
    public static Value Apply(RenderContext context, string sign, Value left, Value right)
    {
        if (left is StringValue or SequenceValue || right is StringValue or SequenceValue)
        {
            if (Sequences(context, sign, left, right) is { } joined) return joined;
        }
        else if (Numbers.IsNumber(left) && Numbers.IsNumber(right)) return Calculate(context, sign, left, right);
        UndefinedValue.Refuse(context, left);
        UndefinedValue.Refuse(context, right);
        if (sign == "+" && left is StringValue)
            throw context.Fail($"only a text can be added to a text, not a {right.TypeName}; join them with ~, or use the filter 'string'");
        throw context.Fail($"'{sign}' is not supported between a {left.TypeName} and a {right.TypeName}");
    }

    /// <summary>Texts one behind the other, their length checked before they are copied.</summary>
    public static string Concat(RenderContext context, string[] pieces)
    {
        var length = 0L;
        foreach (var piece in pieces) length += piece.Length;
        context.RequireTextLength(length);
        context.ChargeText(length + pieces.Length);
        return string.Concat(pieces);
    }

    public static Value Negate(RenderContext context, Value value) => value switch
    {
        FloatValue number => new FloatValue(-number.Number),
        _ => Calculate(context, "-", new IntValue(0), RequireNumber(context, "-", value)),
    };

    public static Value Plus(RenderContext context, Value value) =>
        RequireNumber(context, "+", value) is BoolValue flag ? new IntValue(flag.IsTrue ? 1 : 0) : value;

    private static Value RequireNumber(RenderContext context, string sign, Value value)
    {
        UndefinedValue.Refuse(context, value);
        return Numbers.IsNumber(value) ? value : throw context.Fail($"'{sign}' before a {value.TypeName} is not supported");
    }

    private static Value? Sequences(RenderContext context, string sign, Value left, Value right) => (sign, left, right) switch
    {
        ("+", StringValue a, StringValue b) => Join(context, a, b),
        ("+", ListValue a, ListValue b) => Join(context, a, b),
        ("+", TupleValue a, TupleValue b) => Join(context, a, b),
        ("*", _, _) when Numbers.AsInteger(right) is { } times => Repeat(context, left, times),
        ("*", _, _) when Numbers.AsInteger(left) is { } times => Repeat(context, right, times),
        ("%", StringValue format, _) => PercentFormat.Apply(context, format, right),
        _ => null,
    };

    private static StringValue Join(RenderContext context, StringValue left, StringValue right)
    {
        var isSafe = left.IsSafe || right.IsSafe;
        var (first, second) = (left.Text, right.Text);
        if (isSafe && !left.IsSafe) first = Html.Escape(context, first);
        if (isSafe && !right.IsSafe) second = Html.Escape(context, second);
        var length = (long)first.Length + second.Length;
        context.RequireTextLength(length);
        context.ChargeText(length);
        return new StringValue(first + second, isSafe);
    }

    private static SequenceValue Join(RenderContext context, SequenceValue left, SequenceValue right)
    {
        context.Charge((long)left.Elements.Length + right.Elements.Length);
        return left.With([.. left.Elements, .. right.Elements]);
    }

    private static Value? Repeat(RenderContext context, Value value, long times)
    {
        times = Math.Clamp(times, 0, int.MaxValue);
        switch (value)
        {
            case StringValue text:
                context.RequireTextLength(text.Text.Length * times);
                context.ChargeText(text.Text.Length * times);
                return text.With(new System.Text.StringBuilder().Insert(0, text.Text, (int)times).ToString());
            case SequenceValue sequence:
                context.Charge(sequence.Elements.Length * times);
                var items = new Value[sequence.Elements.Length * times];
                for (var i = 0; i < items.Length; i++) items[i] = sequence.Elements[i % sequence.Elements.Length];
                return sequence.With(items);
            default:
                return null;
        }
    }

    private static Value Calculate(RenderContext context, string sign, Value left, Value right)
    {
        if (left is BigIntValue || right is BigIntValue) throw context.Unsupported("arithmetic with a number beyond 64 bits");
        if (sign != "/" && Numbers.AsInteger(left) is { } a && Numbers.AsInteger(right) is { } b)
        {
            try
            {
                return Integers(context, sign, a, b);
            }
            catch (OverflowException)
            {
                throw context.Unsupported($"a number beyond 64 bits, the result of {a} {sign} {b}");
            }
        }
        return new FloatValue(Floats(context, sign, Numbers.AsDouble(left)!.Value, Numbers.AsDouble(right)!.Value));
    }

    private static Value Integers(RenderContext context, string sign, long left, long right) => sign switch
    {
        "+" => new IntValue(checked(left + right)),
        "-" => new IntValue(checked(left - right)),
        "*" => new IntValue(checked(left * right)),
        "//" => new IntValue(FloorDivide(context, left, right)),
        "%" => new IntValue(right == -1 ? 0 : Modulo(context, left, right)),
        _ => right < 0 ? new FloatValue(Power(context, left, right)) : new IntValue(Power(left, right)),
    };

    private static long FloorDivide(RenderContext context, long left, long right)
    {
        if (right == 0) throw context.Fail("a division by zero");
        var quotient = checked(left / right);
        return left % right != 0 && (left < 0) != (right < 0) ? quotient - 1 : quotient;
    }

    private static long Modulo(RenderContext context, long left, long right)
    {
        if (right == 0) throw context.Fail("a division by zero");
        var rest = left % right;
        return rest != 0 && (rest < 0) != (right < 0) ? rest + right : rest;
    }

    private static long Power(long number, long exponent)
    {
        if (number is 0 or 1 || exponent == 0) return exponent == 0 ? 1 : number;
        if (number == -1) return (exponent & 1) == 0 ? 1 : -1;
        // 2⁶³ is out of range already, so the loop is short.
        if (exponent > 63) throw new OverflowException();
        var result = 1L;
        for (var i = 0; i < exponent; i++) result = checked(result * number);
        return result;
    }

    private static double Power(RenderContext context, double number, double exponent)
    {
        if (number == 0 && exponent < 0) throw context.Fail("zero has no negative power");
        var result = Math.Pow(number, exponent);
        if (double.IsNaN(result) && !double.IsNaN(number) && !double.IsNaN(exponent))
            throw context.Unsupported("a power that is a complex number");
        return double.IsInfinity(result) && double.IsFinite(number) && double.IsFinite(exponent)
            ? throw context.Fail("the result of a power is too large")
            : result;
    }

    private static double Floats(RenderContext context, string sign, double left, double right)
    {
        if (right == 0 && sign is "/" or "//" or "%") throw context.Fail("a division by zero");
        return sign switch
        {
            "+" => left + right,
            "-" => left - right,
            "*" => left * right,
            "/" => left / right,
            "//" => FloorDivide(left, right),
            "%" => Modulo(left, right),
            _ => Power(context, left, right),
        };
    }

    private static double Modulo(double left, double right)
    {
        var rest = left % right;
        if (rest == 0) return Math.CopySign(0, right);
        return (rest < 0) != (right < 0) ? rest + right : rest;
    }

    private static double FloorDivide(double left, double right)
    {
        var quotient = (left - Modulo(left, right)) / right;
        if (quotient == 0) return Math.CopySign(0, left / right);
        var floor = Math.Floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }
}
