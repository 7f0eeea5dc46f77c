using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Library;

/// <summary><c>split</c> and its kin.</summary>
internal static class TextSplit
{
    public static Value Split(RenderContext context, StringValue self, Arguments arguments)
    {
        var (separator, most) = Bind(context, "split", arguments);
        return List(context, separator is null
            ? Words(context, self.Text, most)
            : Parts(self.Text, separator.Length, TextSearch.All(context, self.Text, separator, most)));
    }

    public static Value SplitLast(RenderContext context, StringValue self, Arguments arguments)
    {
        var (separator, most) = Bind(context, "rsplit", arguments);
        if (separator is null) return List(context, WordsFromEnd(context, self.Text, most));
        return List(context, Parts(self.Text, separator.Length, FromEnd(context, self.Text, separator, most)));
    }

    public static Value Lines(RenderContext context, StringValue self, Arguments arguments)
    {
        var bound = arguments.Bind(context, "splitlines", 0, "keepends");
        return List(context, Lines(context, self.Text, bound[0]?.IsTrue ?? false));
    }

    public static Value Partition(RenderContext context, StringValue self, Arguments arguments)
    {
        var separator = Separator(context, arguments.RequirePositional(context, "partition", 1, 1)[0])!;
        var place = TextSearch.First(context, self.Text, separator);
        return place < 0 ? Triple(self.Text, "", "") : Cut(self.Text, separator, place);
    }

    public static Value PartitionLast(RenderContext context, StringValue self, Arguments arguments)
    {
        var separator = Separator(context, arguments.RequirePositional(context, "rpartition", 1, 1)[0])!;
        var place = TextSearch.Last(context, self.Text, separator);
        return place < 0 ? Triple("", "", self.Text) : Cut(self.Text, separator, place);
    }

    /// <summary>The lines of a text; one at the end that is empty does not count.</summary>
    public static List<string> Lines(RenderContext context, string text, bool keepsEnds)
    {
        context.ChargeSlowText(text.Length);
        var lines = new List<string>();
        for (var start = 0; start < text.Length;)
        {
            context.Charge(1);
            var end = start;
            while (end < text.Length && !Characters.IsLineEnd(text[end])) end++;
            var next = end;
            if (next < text.Length) next += text[next] == '\r' && next + 1 < text.Length && text[next + 1] == '\n' ? 2 : 1;
            lines.Add(text[start..(keepsEnds ? next : end)]);
            start = next;
        }
        return lines;
    }

    private static (string? Separator, long Most) Bind(RenderContext context, string name, Arguments arguments)
    {
        var bound = arguments.Bind(context, name, 0, "sep", "maxsplit");
        var most = bound[1] is { } limit ? Numbers.Integer(context, limit, "maxsplit") : -1;
        return (bound[0] is null or NoneValue ? null : Separator(context, bound[0]!), most < 0 ? long.MaxValue : most);
    }

    private static string Separator(RenderContext context, Value value)
    {
        var separator = TextTrim.Text(context, value, "a separator");
        return separator.Length > 0 ? separator : throw context.Fail("a separator is empty");
    }

    private static List<string> Parts(string text, int separatorLength, List<int> places)
    {
        var parts = new List<string>(places.Count + 1);
        var start = 0;
        foreach (var place in places)
        {
            parts.Add(text[start..place]);
            start = place + separatorLength;
        }
        parts.Add(text[start..]);
        return parts;
    }

    // From the right, overlapping separators fall differently than from the left.
    private static List<int> FromEnd(RenderContext context, string text, string separator, long most)
    {
        var mirrored = TextSearch.All(context, Mirror(text), Mirror(separator), most);
        mirrored.Reverse();
        return mirrored.ConvertAll(place => text.Length - place - separator.Length);
    }

    private static string Mirror(string text) => string.Create(text.Length, text, (target, source) =>
    {
        source.CopyTo(target);
        target.Reverse();
    });

    private static List<string> Words(RenderContext context, string text, long most)
    {
        context.ChargeSlowText(text.Length);
        var words = new List<string>();
        for (var place = SkipSpace(text, 0); place < text.Length; place = SkipSpace(text, place))
        {
            context.Charge(1);
            if (words.Count >= most)
            {
                words.Add(text[place..].TrimEnd(Characters.Whitespace.ToCharArray()));
                break;
            }
            var end = place;
            while (end < text.Length && !Characters.IsSpace(text[end])) end++;
            words.Add(text[place..end]);
            place = end;
        }
        return words;
    }

    private static List<string> WordsFromEnd(RenderContext context, string text, long most)
    {
        var mirrored = Words(context, Mirror(text), most).ConvertAll(Mirror);
        mirrored.Reverse();
        return mirrored;
    }

    private static int SkipSpace(string text, int place)
    {
        while (place < text.Length && Characters.IsSpace(text[place])) place++;
        return place;
    }

    private static ListValue List(RenderContext context, List<string> parts)
    {
        context.Charge(parts.Count);
        var items = new Value[parts.Count];
        for (var i = 0; i < items.Length; i++) items[i] = new StringValue(parts[i]);
        return new ListValue(items);
    }

    private static TupleValue Cut(string text, string separator, int place) =>
        Triple(text[..place], separator, text[(place + separator.Length)..]);

    private static TupleValue Triple(string before, string separator, string behind) =>
        new([new StringValue(before), new StringValue(separator), new StringValue(behind)]);
}
