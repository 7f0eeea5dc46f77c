using Octavo.Core.Templates.Runtime;

namespace Octavo.Core.Templates.Library;

/// <summary>Finds texts inside texts in time that grows with their lengths, never with the product of them.</summary>
internal static class TextSearch
{
    // Up to here the runtime's vectorised search is bounded well enough; longer ones use Knuth-Morris-Pratt.
    private const int ShortNeedle = 32;

    public static bool Contains(RenderContext context, string text, string part) => First(context, text, part) >= 0;

    /// <summary>The UTF-16 place of the first occurrence, or −1.</summary>
    public static int First(RenderContext context, string text, string part)
    {
        Charge(context, text, part);
        if (part.Length <= ShortNeedle) return text.IndexOf(part, StringComparison.Ordinal);
        foreach (var place in LongMatches(text, part)) return place;
        return -1;
    }

    /// <summary>The UTF-16 place of the last occurrence, or −1.</summary>
    public static int Last(RenderContext context, string text, string part)
    {
        Charge(context, text, part);
        if (part.Length <= ShortNeedle) return text.LastIndexOf(part, StringComparison.Ordinal);
        var last = -1;
        foreach (var place in LongMatches(text, part)) last = place;
        return last;
    }

    /// <summary>The places of occurrences that do not overlap, from the left. The part may not be empty.</summary>
    public static List<int> All(RenderContext context, string text, string part, long most = long.MaxValue)
    {
        Charge(context, text, part);
        var places = new List<int>();
        if (part.Length > ShortNeedle)
        {
            var free = 0;
            foreach (var place in LongMatches(text, part))
            {
                if (places.Count >= most) break;
                if (place < free) continue;
                places.Add(place);
                free = place + part.Length;
            }
            return places;
        }
        for (var place = 0; places.Count < most; place += part.Length)
        {
            place = text.IndexOf(part, place, StringComparison.Ordinal);
            if (place < 0) break;
            context.Charge(1);
            places.Add(place);
        }
        return places;
    }

    // The short search can look at each place up to the length of the part, though it does so many at a time.
    private static void Charge(RenderContext context, string text, string part)
    {
        if (part.Length <= ShortNeedle) context.ChargeText(text.Length * (part.Length > 4 ? 2L : 1L));
        else context.ChargeSlowText((long)text.Length + part.Length);
    }

    // All occurrences, overlapping ones too.
    private static IEnumerable<int> LongMatches(string text, string part)
    {
        if (part.Length > text.Length) yield break;
        var fallback = new int[part.Length];
        for (int i = 1, matched = 0; i < part.Length; i++)
        {
            while (matched > 0 && part[i] != part[matched]) matched = fallback[matched - 1];
            if (part[i] == part[matched]) matched++;
            fallback[i] = matched;
        }
        for (int i = 0, matched = 0; i < text.Length; i++)
        {
            while (matched > 0 && text[i] != part[matched]) matched = fallback[matched - 1];
            if (text[i] == part[matched]) matched++;
            if (matched < part.Length) continue;
            yield return i - part.Length + 1;
            matched = fallback[matched - 1];
        }
    }
}
