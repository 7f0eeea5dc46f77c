using System.Globalization;
using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Library;

/// <summary>Reads numbers out of values and texts by Python's rules.</summary>
internal static class Numbers
{
    /// <summary>The whole number of an int or a bool; null for everything else.</summary>
    public static long? AsInteger(Value value) => value switch
    {
        IntValue number => number.Number,
        BoolValue flag => flag.IsTrue ? 1 : 0,
        _ => null,
    };

    /// <summary>The number as a float; null for what is no number.</summary>
    public static double? AsDouble(Value value) => value switch
    {
        FloatValue number => number.Number,
        BigIntValue big => double.Parse(big.Digits, CultureInfo.InvariantCulture),
        _ => AsInteger(value),
    };

    public static bool IsNumber(Value value) => value is IntValue or BoolValue or FloatValue or BigIntValue;

    /// <summary>An argument that must be a whole number.</summary>
    public static long Integer(RenderContext context, Value value, string what)
    {
        UndefinedValue.Refuse(context, value);
        return AsInteger(value) ?? throw context.Fail($"{what} must be a whole number, not a {value.TypeName}");
    }

    /// <summary><c>int(text, numberBase)</c>; null where Python raises.</summary>
    public static Value? ParseInteger(RenderContext context, string text, int numberBase = 10)
    {
        context.ChargeSlowText(text.Length);
        var digits = text.AsSpan().Trim(Characters.Whitespace);
        var negative = digits.StartsWith("-");
        if (negative || digits.StartsWith("+")) digits = digits[1..];
        var radix = ReadPrefix(ref digits, numberBase, out var afterPrefix);
        if (radix == 0 || !CleanDigits(digits, radix, afterPrefix, out var clean)) return null;
        // Base 0 reads as source code does, where 0 alone may lead.
        if (numberBase == 0 && !afterPrefix && clean.Length > 1 && clean[0] == '0' && clean.AsSpan().ContainsAnyExcept('0')) return null;
        return Assemble(context, clean, radix, negative);
    }

    /// <summary><c>float(text)</c>; null where Python raises.</summary>
    public static double? ParseFloat(RenderContext context, string text)
    {
        context.ChargeSlowText(text.Length);
        var number = text.AsSpan().Trim(Characters.Whitespace);
        var unsigned = number.Length > 0 && number[0] is '+' or '-' ? number[1..] : number;
        var negative = number.StartsWith("-");
        if (unsigned.Equals("inf", StringComparison.OrdinalIgnoreCase) || unsigned.Equals("infinity", StringComparison.OrdinalIgnoreCase))
            return negative ? double.NegativeInfinity : double.PositiveInfinity;
        if (unsigned.Equals("nan", StringComparison.OrdinalIgnoreCase)) return double.NaN;
        if (unsigned.IsEmpty || !IsNumeral(unsigned)) return null;
        var clean = RemoveSeparators(number);
        if (clean is null) return null;
        return double.TryParse(clean, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) ? parsed : null;
    }

    /// <summary>A float without its fraction, as <c>int()</c> gives it.</summary>
    public static Value Truncate(double number)
    {
        var whole = Math.Truncate(number);
        if (whole is >= -9223372036854775808.0 and < 9223372036854775808.0) return new IntValue((long)whole);
        return new BigIntValue(whole.ToString("F0", CultureInfo.InvariantCulture));
    }

    /// <summary>A whole number of any size from decimal digits without a sign.</summary>
    public static Value FromDigits(string digits, bool negative)
    {
        var trimmed = digits.TrimStart('0');
        if (trimmed.Length == 0) return new IntValue(0);
        var signed = negative ? "-" + trimmed : trimmed;
        return long.TryParse(signed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? new IntValue(number)
            : new BigIntValue(signed);
    }

    private static Value? Assemble(RenderContext context, string digits, int radix, bool negative)
    {
        if (radix == 10) return digits.Length > BigIntValue.MaxDigits ? null : FromDigits(digits, negative);
        UInt128 number = 0;
        foreach (var digit in digits)
        {
            number = number * (uint)radix + (uint)DigitOf(digit);
            if (number > (UInt128)long.MaxValue) throw context.Unsupported("a number beyond 64 bits that is not decimal");
        }
        return new IntValue(negative ? -(long)number : (long)number);
    }

    private static int ReadPrefix(ref ReadOnlySpan<char> digits, int numberBase, out bool afterPrefix)
    {
        afterPrefix = false;
        var prefixed = digits.Length > 1 && digits[0] == '0' ? (digits[1] | 0x20) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 0 } : 0;
        if (prefixed != 0 && (numberBase == 0 || numberBase == prefixed))
        {
            digits = digits[2..];
            afterPrefix = true;
            return prefixed;
        }
        if (numberBase == 0) return 10;
        return numberBase is >= 2 and <= 36 ? numberBase : 0;
    }

    private static bool CleanDigits(ReadOnlySpan<char> digits, int radix, bool mayStartSeparated, out string clean)
    {
        clean = "";
        if (mayStartSeparated && digits.StartsWith("_")) digits = digits[1..];
        foreach (var character in digits)
        {
            if (character != '_' && DigitOf(character) >= radix) return false;
        }
        clean = RemoveSeparators(digits) ?? "";
        return clean.Length > 0;
    }

    private static bool IsNumeral(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!char.IsAsciiDigit(character) && character is not ('.' or 'e' or 'E' or '+' or '-' or '_')) return false;
        }
        return true;
    }

    // Underscores may stand between two digits only.
    private static string? RemoveSeparators(ReadOnlySpan<char> number)
    {
        if (!number.Contains('_')) return number.ToString();
        for (var i = 0; i < number.Length; i++)
        {
            if (number[i] != '_') continue;
            if (i == 0 || i == number.Length - 1 || DigitOf(number[i - 1]) > 35 || DigitOf(number[i + 1]) > 35) return null;
        }
        return number.ToString().Replace("_", "", StringComparison.Ordinal);
    }

    private static int DigitOf(char character) => character switch
    {
        >= '0' and <= '9' => character - '0',
        >= 'a' and <= 'z' => character - 'a' + 10,
        >= 'A' and <= 'Z' => character - 'A' + 10,
        _ => int.MaxValue,
    };
}
