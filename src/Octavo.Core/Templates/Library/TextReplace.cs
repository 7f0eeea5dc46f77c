using System.Text;
using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Library;

/// <summary><c>replace</c>.</summary>
internal static class TextReplace
{
    public static Value Replace(RenderContext context, StringValue self, Arguments arguments)
    {
        var given = arguments.RequirePositional(context, "replace", 2, 3);
        var old = TextTrim.Text(context, given[0], "the text to replace");
        var replacement = TextTrim.Text(context, given[1], "the replacement");
        var most = given.Length > 2 ? Numbers.Integer(context, given[2], "the count of replace") : -1;
        return new StringValue(Replace(context, self.Text, old, replacement, most));
    }

    /// <summary>Replaces occurrences from the left.</summary>
    /// <param name="context">The render.</param>
    /// <param name="text">Where.</param>
    /// <param name="old">What; the empty text lies around each character.</param>
    /// <param name="replacement">By what.</param>
    /// <param name="most">How many at most; all when it is negative.</param>
    public static string Replace(RenderContext context, string text, string old, string replacement, long most)
    {
        if (most < 0) most = long.MaxValue;
        var places = old.Length > 0 ? TextSearch.All(context, text, old, most) : Borders(context, text, most);
        if (places.Count == 0) return text;
        var length = text.Length + places.Count * ((long)replacement.Length - old.Length);
        context.RequireTextLength(length);
        context.ChargeText(length);
        var result = new StringBuilder((int)length);
        var start = 0;
        foreach (var place in places)
        {
            result.Append(text, start, place - start).Append(replacement);
            start = place + old.Length;
        }
        return result.Append(text, start, text.Length - start).ToString();
    }

    private static List<int> Borders(RenderContext context, string text, long most)
    {
        var places = new List<int>();
        for (var place = 0; place <= text.Length && places.Count < most; place++)
        {
            if (place > 0 && place < text.Length && char.IsSurrogatePair(text[place - 1], text[place])) continue;
            context.Charge(1);
            places.Add(place);
        }
        return places;
    }
}
