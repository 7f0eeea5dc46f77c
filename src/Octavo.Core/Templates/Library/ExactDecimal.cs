using System.Globalization;

namespace Octavo.Core.Templates.Library;

/// <summary>The decimal digits of a float, rounded from its exact value, a tie to the even digit.</summary>
internal static class ExactDecimal
{
    /// <summary>No double has more significant digits than this.</summary>
    public const int MostDigits = 767;

    /// <summary>A number with a fixed count of digits after the point; no sign.</summary>
    public static string Fixed(double magnitude, int precision)
    {
        var (exact, exponent) = Digits(magnitude);
        var (digits, top) = Round(exact, exponent, exponent + 1 + precision);
        var whole = top < 0 ? "0" : digits[..(top + 1)];
        if (precision == 0) return whole;
        var fraction = top < 0 ? digits.PadLeft(precision, '0') : digits[(top + 1)..];
        return whole + "." + fraction;
    }

    /// <summary>A number with an exponent; no sign.</summary>
    public static string Exponential(double magnitude, int precision, char mark)
    {
        var (exact, exponent) = Digits(magnitude);
        var (digits, top) = Round(exact, exponent, precision + 1);
        return FloatText.Scientific(digits[..(precision + 1)], magnitude == 0 ? 0 : top, mark);
    }

    /// <summary>The form <c>g</c>: so many significant digits, an exponent only where the number is far from one; no sign.</summary>
    /// <param name="magnitude">The number without its sign.</param>
    /// <param name="precision">Significant digits, at least one.</param>
    /// <param name="mark">The exponent's letter.</param>
    /// <param name="keepsZeros">Keeps zeros at the end of the fraction.</param>
    /// <param name="addsPoint">Shows a whole number with <c>.0</c>, as a format without a type does.</param>
    public static string General(double magnitude, int precision, char mark, bool keepsZeros, bool addsPoint)
    {
        var (exact, exponent) = Digits(magnitude);
        var (digits, top) = Round(exact, exponent, precision);
        if (magnitude == 0) top = 0;
        digits = digits[..precision];
        if (top < -4 || top + 1 > precision - (addsPoint ? 1 : 0))
            return FloatText.Scientific(keepsZeros ? digits : TrimFraction(digits, 1), top, mark);
        if (top < 0) return "0." + new string('0', -top - 1) + (keepsZeros ? digits : digits.TrimEnd('0'));
        var shown = keepsZeros ? digits : TrimFraction(digits, top + 1);
        if (shown.Length > top + 1) return shown[..(top + 1)] + "." + shown[(top + 1)..];
        return addsPoint ? shown + ".0" : keepsZeros ? shown + "." : shown;
    }

    private static string TrimFraction(string digits, int whole) => digits[..whole] + digits[whole..].TrimEnd('0');

    /// <summary>All significant digits, and the power of ten of the first one.</summary>
    private static (string Digits, int Exponent) Digits(double magnitude)
    {
        if (magnitude == 0) return ("0", 0);
        var text = magnitude.ToString("E" + (MostDigits - 1), CultureInfo.InvariantCulture);
        var mark = text.IndexOf('E');
        var exponent = int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return (string.Concat(text.AsSpan(0, 1), text.AsSpan(2, mark - 2)).TrimEnd('0'), exponent);
    }

    // Gives `count` digits, or one more when rounding carries over the first; none when the number rounds to zero.
    private static (string Digits, int Exponent) Round(string digits, int exponent, int count)
    {
        if (count < 0) return ("", -1);
        if (count >= digits.Length) return (digits.PadRight(count, '0'), exponent);
        var next = digits[count];
        var isOdd = count > 0 && (digits[count - 1] - '0') % 2 == 1;
        var up = next > '5' || (next == '5' && (digits.Length > count + 1 || isOdd));
        var kept = digits[..count].ToCharArray();
        if (!up) return (new string(kept), count == 0 ? -1 : exponent);
        for (var i = count - 1; i >= 0; i--)
        {
            if (kept[i] != '9')
            {
                kept[i]++;
                return (new string(kept), exponent);
            }
            kept[i] = '0';
        }
        return ("1" + new string(kept), exponent + 1);
    }
}
