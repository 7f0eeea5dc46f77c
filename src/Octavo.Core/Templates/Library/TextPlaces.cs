using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Library;

/// <summary><c>find</c>, <c>count</c>, <c>startswith</c> and their kin: they look and change nothing.</summary>
internal static class TextPlaces
{
    public static Value Find(RenderContext context, StringValue self, Arguments arguments) =>
        new IntValue(Place(context, self, "find", arguments, TextSearch.First));

    public static Value LastFind(RenderContext context, StringValue self, Arguments arguments) =>
        new IntValue(Place(context, self, "rfind", arguments, TextSearch.Last));

    public static Value Index(RenderContext context, StringValue self, Arguments arguments) =>
        Required(context, Place(context, self, "index", arguments, TextSearch.First));

    public static Value LastIndex(RenderContext context, StringValue self, Arguments arguments) =>
        Required(context, Place(context, self, "rindex", arguments, TextSearch.Last));

    public static Value Count(RenderContext context, StringValue self, Arguments arguments)
    {
        var given = arguments.RequirePositional(context, "count", 1, 3);
        var part = TextTrim.Text(context, given[0], "the text to count");
        var (window, _) = Window(context, self, given);
        if (window is null) return new IntValue(0);
        return new IntValue(part.Length == 0 ? window.CharacterCount(context) + 1 : TextSearch.All(context, window.Text, part).Count);
    }

    public static Value StartsWith(RenderContext context, StringValue self, Arguments arguments) =>
        Ends(context, self, "startswith", arguments, (text, part) => text.StartsWith(part, StringComparison.Ordinal));

    public static Value EndsWith(RenderContext context, StringValue self, Arguments arguments) =>
        Ends(context, self, "endswith", arguments, (text, part) => text.EndsWith(part, StringComparison.Ordinal));

    private static BoolValue Ends(
        RenderContext context, StringValue self, string name, Arguments arguments, Func<string, string, bool> test)
    {
        var given = arguments.RequirePositional(context, name, 1, 3);
        var (window, _) = Window(context, self, given);
        Value[] parts = given[0] is TupleValue several ? several.Elements : [given[0]];
        var found = false;
        foreach (var part in parts)
        {
            var text = TextTrim.Text(context, part, $"the argument of {name}");
            context.ChargeText(text.Length);
            found = found || (window is not null && test(window.Text, text));
        }
        return BoolValue.Of(found);
    }

    private static long Place(
        RenderContext context, StringValue self, string name, Arguments arguments, Func<RenderContext, string, string, int> search)
    {
        var given = arguments.RequirePositional(context, name, 1, 3);
        var part = TextTrim.Text(context, given[0], $"the argument of {name}");
        var (window, start) = Window(context, self, given);
        var place = window is null ? -1 : search(context, window.Text, part);
        return place < 0 ? -1 : start + window!.CharacterOf(context, place);
    }

    private static IntValue Required(RenderContext context, long place) =>
        place >= 0 ? new IntValue(place) : throw context.Fail("the text that is looked for is not there");

    // Null when the start lies behind the end of the text, where not even the empty text is found.
    private static (StringValue? Window, long Start) Window(RenderContext context, StringValue self, Value[] given)
    {
        if (given.Length == 1) return (self, 0);
        var count = self.CharacterCount(context);
        var start = Bound(context, given[1], 0, count);
        var end = given.Length > 2 ? Math.Min(Bound(context, given[2], count, count), count) : count;
        if (start > count || start > end) return (null, start);
        return ((StringValue)self.GetSlice(context, new IntValue(start), new IntValue(end), null), start);
    }

    private static long Bound(RenderContext context, Value value, long absent, int count)
    {
        if (value is NoneValue) return absent;
        var place = Numbers.Integer(context, value, "a place in a text");
        return place < 0 ? Math.Max(0, place + count) : place;
    }
}
