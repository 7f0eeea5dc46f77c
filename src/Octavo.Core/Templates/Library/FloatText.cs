using System.Globalization;

namespace Octavo.Core.Templates.Library;

/// <summary>Floats as Python's <c>repr()</c> shows them: the shortest digits that read back as the same number.</summary>
internal static class FloatText
{
    public static string Representation(double number)
    {
        if (double.IsNaN(number)) return "nan";
        if (double.IsInfinity(number)) return number > 0 ? "inf" : "-inf";
        var (digits, exponent) = Digits(number);
        var sign = double.IsNegative(number) ? "-" : "";
        if (exponent is >= -4 and < 16) return sign + Fixed(digits, exponent);
        return sign + Scientific(digits, exponent, 'e');
    }

    /// <summary>The shortest digits, and the power of ten of the first of them.</summary>
    private static (string Digits, int Exponent) Digits(double number)
    {
        if (number == 0) return ("0", 0);
        var shortest = Math.Abs(number).ToString("R", CultureInfo.InvariantCulture).AsSpan();
        var mark = shortest.IndexOf('E');
        var exponent = mark < 0 ? 0 : int.Parse(shortest[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = mark < 0 ? shortest : shortest[..mark];
        var point = mantissa.IndexOf('.');
        var whole = point < 0 ? mantissa : mantissa[..point];
        var all = point < 0 ? whole.ToString() : string.Concat(whole, mantissa[(point + 1)..]);
        var digits = all.TrimStart('0');
        return (digits.TrimEnd('0'), exponent + whole.Length - 1 - (all.Length - digits.Length));
    }

    private static string Fixed(string digits, int exponent)
    {
        if (exponent < 0) return "0." + new string('0', -exponent - 1) + digits;
        if (digits.Length <= exponent + 1) return digits.PadRight(exponent + 1, '0') + ".0";
        return digits[..(exponent + 1)] + "." + digits[(exponent + 1)..];
    }

    /// <summary>Digits with an exponent of at least two places.</summary>
    public static string Scientific(string digits, int exponent, char mark)
    {
        var fraction = digits.Length > 1 ? "." + digits[1..] : "";
        var sign = exponent < 0 ? '-' : '+';
        return string.Create(CultureInfo.InvariantCulture, $"{digits[0]}{fraction}{mark}{sign}{Math.Abs(exponent):00}");
    }
}
