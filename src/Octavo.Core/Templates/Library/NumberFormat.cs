using System.Globalization;
using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Library;

/// <summary>A number's text without padding: what goes before its digits, and the digits.</summary>
internal readonly record struct NumberParts(string Sign, string Prefix, string Digits);

/// <summary>Numbers in the forms that both of Python's format languages share.</summary>
internal static class NumberFormat
{
    /// <summary>A float in the form <c>e</c>, <c>f</c> or <c>g</c>, either case.</summary>
    public static NumberParts Float(
        RenderContext context, double number, char form, int precision, bool alternate, char sign, bool addsPoint = false)
    {
        context.ChargeSlowText(ExactDecimal.MostDigits + precision);
        var isUpper = char.IsAsciiLetterUpper(form);
        var before = Sign(double.IsNegative(number) && !double.IsNaN(number), sign);
        if (!double.IsFinite(number))
        {
            var word = double.IsNaN(number) ? "nan" : "inf";
            return new NumberParts(before, "", isUpper ? word.ToUpperInvariant() : word);
        }
        var magnitude = Math.Abs(number);
        var mark = isUpper ? 'E' : 'e';
        var digits = char.ToLowerInvariant(form) switch
        {
            'f' => ExactDecimal.Fixed(magnitude, precision),
            'e' => ExactDecimal.Exponential(magnitude, precision, mark),
            _ => ExactDecimal.General(magnitude, Math.Max(precision, 1), mark, alternate, addsPoint),
        };
        if (alternate && precision == 0 && form is 'f' or 'F') digits += ".";
        return new NumberParts(before, "", digits);
    }

    /// <summary>A whole number in the form <c>d</c>, <c>x</c>, <c>X</c>, <c>o</c> or <c>b</c>.</summary>
    public static NumberParts Integer(RenderContext context, Value number, char form, bool alternate, char sign)
    {
        if (number is BigIntValue big)
        {
            if (form != 'd') throw context.Unsupported("a number beyond 64 bits in a form that is not decimal");
            return new NumberParts(Sign(big.Digits[0] == '-', sign), "", big.Digits.TrimStart('-'));
        }
        var value = Numbers.AsInteger(number)!.Value;
        var magnitude = value < 0 ? (ulong)-value : (ulong)value;
        var digits = form switch
        {
            'x' => magnitude.ToString("x", CultureInfo.InvariantCulture),
            'X' => magnitude.ToString("X", CultureInfo.InvariantCulture),
            'b' => magnitude.ToString("b", CultureInfo.InvariantCulture),
            'o' => Octal(magnitude),
            _ => magnitude.ToString(CultureInfo.InvariantCulture),
        };
        return new NumberParts(Sign(value < 0, sign), alternate && form != 'd' ? "0" + form : "", digits);
    }

    /// <summary>Writes a text in a field of a width; the width counts characters.</summary>
    public static void Pad(TextBuilder target, string text, int characters, long width, char align, string fill)
    {
        var missing = Math.Max(0, width - characters);
        var before = align switch { '>' => missing, '^' => missing / 2, _ => 0 };
        Fill(target, fill, before);
        target.Append(text);
        Fill(target, fill, missing - before);
    }

    public static void Fill(TextBuilder target, string fill, long count)
    {
        if (fill.Length == 1)
        {
            target.Append(fill[0], count);
            return;
        }
        // Each piece is paid for and checked, so a huge count stops early.
        for (var i = 0L; i < count; i++) target.Append(fill);
    }

    private static string Sign(bool isNegative, char sign) => isNegative ? "-" : sign is '+' or ' ' ? sign.ToString() : "";

    private static string Octal(ulong number)
    {
        var digits = "";
        do
        {
            digits = (char)('0' + (int)(number & 7)) + digits;
            number >>= 3;
        }
        while (number > 0);
        return digits;
    }
}
