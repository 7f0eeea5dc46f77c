using System.Globalization;

namespace Octavo.Evaluation.Charts;

/// <summary>Numbers as people read them.</summary>
internal static class ChartNumber
{
    /// <summary>With about <paramref name="digits"/> digits that count: 0.0132, 1,250, 2.1e-5, 3.2M; "nan" and "inf" by name.</summary>
    public static string Short(double value, int digits = 4)
    {
        if (!double.IsFinite(value))
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        var size = Math.Abs(value);
        return size switch
        {
            0 => "0",
            >= 1e15 or < 1e-3 => Power(value, digits),
            >= 1e5 => Suffixed(value, digits),
            >= 1e3 => value.ToString("#,0", CultureInfo.InvariantCulture),
            _ => value.ToString($"F{Math.Clamp(digits - 1 - (int)Math.Floor(Math.Log10(size)), 0, 9)}", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>The same without zeros at the end, for axes.</summary>
    public static string Tick(double value)
    {
        var text = Short(value, 6);
        if (!text.Contains('.', StringComparison.Ordinal) || text.Contains('e', StringComparison.Ordinal))
            return text;
        var end = text.Length;
        while (end > 0 && !char.IsAsciiDigit(text[end - 1]))
            end--;
        return text[..end].TrimEnd('0').TrimEnd('.') + text[end..];
    }

    /// <summary>A whole number with its thousands apart: 1,234,567.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Such as 98.9 MB.</summary>
    public static string Bytes(double bytes) => Math.Abs(bytes) switch
    {
        < 1e3 => string.Create(CultureInfo.InvariantCulture, $"{bytes:0.#} B"),
        < 1e6 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.#} kB"),
        < 1e9 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.##} GB"),
    };

    /// <summary>Such as 42 s, 3 min 05 s, 2 h 07 min, 3 d 04 h.</summary>
    public static string Time(TimeSpan time)
    {
        var seconds = (long)Math.Round(Math.Max(0, time.TotalSeconds));
        return seconds switch
        {
            < 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds} s"),
            < 3600 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60} min {seconds % 60:00} s"),
            < 86_400 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600} h {seconds / 60 % 60:00} min"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86_400} d {seconds / 3600 % 24:00} h"),
        };
    }

    private static string Power(double value, int digits)
    {
        var format = "0." + new string('#', Math.Max(1, digits - 2)) + "e-0";
        return value.ToString(format, CultureInfo.InvariantCulture);
    }

    private static string Suffixed(double value, int digits)
    {
        var (unit, letter) = Math.Abs(value) switch
        {
            >= 1e12 => (1e12, "T"),
            >= 1e9 => (1e9, "G"),
            >= 1e6 => (1e6, "M"),
            _ => (1e3, "k"),
        };
        return (value / unit).ToString("0." + new string('#', Math.Max(1, digits - 2)), CultureInfo.InvariantCulture) + letter;
    }
}
