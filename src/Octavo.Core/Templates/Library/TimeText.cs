using System.Globalization;
using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Library;

/// <summary>The function <c>strftime_now</c>: the local time in C's format language, with English names.</summary>
internal static class TimeText
{
    public static Value Now(RenderContext context, Arguments arguments)
    {
        var format = TextTrim.Text(context, arguments.Bind(context, "strftime_now", 1, "format")[0]!, "the format of strftime_now");
        var now = context.Clock.GetLocalNow();
        var target = new TextBuilder(context);
        for (var place = 0; place < format.Length; place++)
        {
            var next = format.IndexOf('%', place);
            target.Append(format.AsSpan(place, (next < 0 ? format.Length : next) - place));
            if (next < 0) break;
            place = next;
            var flag = place + 1 < format.Length && format[place + 1] is '-' or '_' or '0' or '^' ? format[++place] : '\0';
            if (++place >= format.Length) throw context.Fail("a time format ends inside a place");
            target.Append(Field(context, now, format[place], flag));
        }
        return new StringValue(target.ToString());
    }

    private static string Field(RenderContext context, DateTimeOffset now, char field, char flag) => field switch
    {
        'Y' => Number(now.Year, 1, flag),
        'C' => Number(now.Year / 100, 2, flag),
        'y' => Number(now.Year % 100, 2, flag),
        'm' => Number(now.Month, 2, flag),
        'd' => Number(now.Day, 2, flag),
        'e' => Number(now.Day, 2, flag == '\0' ? '_' : flag),
        'j' => Number(now.DayOfYear, 3, flag),
        'H' => Number(now.Hour, 2, flag),
        'k' => Number(now.Hour, 2, flag == '\0' ? '_' : flag),
        'I' => Number((now.Hour + 11) % 12 + 1, 2, flag),
        'l' => Number((now.Hour + 11) % 12 + 1, 2, flag == '\0' ? '_' : flag),
        'M' => Number(now.Minute, 2, flag),
        'S' => Number(now.Second, 2, flag),
        'f' => now.ToString("ffffff", CultureInfo.InvariantCulture),
        'u' => Number((now.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)now.DayOfWeek), 1, flag),
        'w' => Number((int)now.DayOfWeek, 1, flag),
        'U' => Number((now.DayOfYear + 6 - (int)now.DayOfWeek) / 7, 2, flag),
        'W' => Number((now.DayOfYear + 6 - ((int)now.DayOfWeek + 6) % 7) / 7, 2, flag),
        'G' => Number(ISOWeek.GetYear(now.DateTime), 4, flag),
        'V' => Number(ISOWeek.GetWeekOfYear(now.DateTime), 2, flag),
        's' => now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        _ => Words(context, now, field, flag),
    };

    private static string Words(RenderContext context, DateTimeOffset now, char field, char flag)
    {
        var words = field switch
        {
            'a' => now.ToString("ddd", CultureInfo.InvariantCulture),
            'A' => now.ToString("dddd", CultureInfo.InvariantCulture),
            'b' or 'h' => now.ToString("MMM", CultureInfo.InvariantCulture),
            'B' => now.ToString("MMMM", CultureInfo.InvariantCulture),
            'p' => now.Hour < 12 ? "AM" : "PM",
            'P' => now.Hour < 12 ? "am" : "pm",
            'c' => now.ToString("ddd MMM ", CultureInfo.InvariantCulture) + Number(now.Day, 2, '_')
                + now.ToString(" HH:mm:ss yyyy", CultureInfo.InvariantCulture),
            'D' or 'x' => now.ToString("MM/dd/yy", CultureInfo.InvariantCulture),
            'F' => now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            'R' => now.ToString("HH:mm", CultureInfo.InvariantCulture),
            'T' or 'X' => now.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
            'r' => now.ToString("hh:mm:ss tt", CultureInfo.InvariantCulture),
            // The reference asks for the time without a zone.
            'z' or 'Z' => "",
            'n' => "\n",
            't' => "\t",
            '%' => "%",
            _ => throw context.Unsupported($"the time format %{field}; formats are those of C, such as %Y %m %d %H %M %S %B %b %A %a %j %p"),
        };
        return flag == '^' ? words.ToUpperInvariant() : words;
    }

    private static string Number(int number, int width, char flag)
    {
        var digits = number.ToString(CultureInfo.InvariantCulture);
        return flag switch
        {
            '-' => digits,
            '_' => digits.PadLeft(width, ' '),
            _ => digits.PadLeft(width, '0'),
        };
    }
}
