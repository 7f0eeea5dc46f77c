using System.Text;
using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Library;

/// <summary>Filters that make texts of texts.</summary>
internal static class TextFilters
{
    public static Value Upper(RenderContext context, Value value, Arguments arguments) =>
        Map(context, "upper", value, arguments, CaseMapping.Upper);

    public static Value Lower(RenderContext context, Value value, Arguments arguments) =>
        Map(context, "lower", value, arguments, CaseMapping.Lower);

    public static Value Capitalize(RenderContext context, Value value, Arguments arguments) =>
        Map(context, "capitalize", value, arguments, CaseMapping.Capitalize);

    // Unlike the method of that name, the filter starts words behind spaces, hyphens and opening brackets only.
    public static Value Title(RenderContext context, Value value, Arguments arguments)
    {
        arguments.Bind(context, "title", 0);
        var text = context.Text(value);
        context.ChargeSlowText(text.Length);
        var title = new TextBuilder(context);
        for (var place = 0; place < text.Length;)
        {
            var isBetween = IsBetweenWords(text[place]);
            var end = place + 1;
            while (end < text.Length && IsBetweenWords(text[end]) == isBetween) end++;
            var head = Rune.TryGetRuneAt(text, place, out var rune) ? rune.Utf16SequenceLength : 1;
            title.Append(CaseMapping.Upper(context, text.Substring(place, head)));
            title.Append(CaseMapping.Lower(context, text[(place + head)..end]));
            place = end;
        }
        return new StringValue(title.ToString());
    }

    public static Value Trim(RenderContext context, Value value, Arguments arguments)
    {
        var bound = arguments.Bind(context, "trim", 0, "chars");
        var characters = bound[0] is null or NoneValue ? null : TextTrim.Text(context, bound[0]!, "the characters to trim");
        var text = Soft(context, value);
        return text.With(TextTrim.Trim(context, text.Text, characters, true, true));
    }

    public static Value Replace(RenderContext context, Value value, Arguments arguments)
    {
        var bound = arguments.Bind(context, "replace", 2, "old", "new", "count");
        var most = bound[2] is null or NoneValue ? -1 : Numbers.Integer(context, bound[2]!, "the count of replace");
        return new StringValue(TextReplace.Replace(context, context.Text(value), context.Text(bound[0]!), context.Text(bound[1]!), most));
    }

    public static Value Join(RenderContext context, Value value, Arguments arguments)
    {
        var bound = arguments.Bind(context, "join", 0, "d", "attribute");
        var between = bound[0] is { } separator ? context.Text(separator) : "";
        var path = AttributePath.Parse(context, bound[1]);
        var joined = new TextBuilder(context);
        var isFirst = true;
        foreach (var item in value.RequireItems(context))
        {
            context.Charge(1);
            if (!isFirst) joined.Append(between);
            isFirst = false;
            joined.AppendText(path.Get(context, item));
        }
        return new StringValue(joined.ToString());
    }

    public static Value Format(RenderContext context, Value value, Arguments arguments)
    {
        if (arguments.Named.Length == 0) return PercentFormat.Apply(context, Soft(context, value), new TupleValue(arguments.Positional));
        if (arguments.Positional.Length > 0) throw context.Fail("format takes arguments by place or by name, not both");
        return PercentFormat.Apply(context, Soft(context, value), TemplateFunctions.Named(arguments));
    }

    public static Value Center(RenderContext context, Value value, Arguments arguments)
    {
        var bound = arguments.Bind(context, "center", 0, "width");
        var text = Soft(context, value);
        var width = bound[0] is { } given ? Numbers.Integer(context, given, "the width of center") : 80;
        return text.With(TextLayout.Center(context, text, width));
    }

    public static Value Indent(RenderContext context, Value value, Arguments arguments)
    {
        var bound = arguments.Bind(context, "indent", 0, "width", "first", "blank");
        if (value is not StringValue text) throw context.Fail($"indent needs a text, not a {value.TypeName}");
        var indention = bound[0] switch
        {
            null => "    ",
            StringValue given => given.Text,
            var width => new TextBuilder(context).Append(' ', Numbers.Integer(context, width, "the width of indent")).ToString(),
        };
        var indentsBlank = bound[2]?.IsTrue ?? false;
        // The reference adds a line end first, so that one at the end of the text gives an empty line.
        var lines = TextSplit.Lines(context, text.Text + "\n", keepsEnds: false);
        var indented = new TextBuilder(context);
        if (bound[1]?.IsTrue ?? false) indented.Append(indention);
        for (var i = 0; i < lines.Count; i++)
        {
            if (i > 0) indented.Append('\n');
            if (i > 0 && (indentsBlank || lines[i].Length > 0)) indented.Append(indention);
            indented.Append(lines[i]);
        }
        return text.With(indented.ToString());
    }

    public static Value Truncate(RenderContext context, Value value, Arguments arguments)
    {
        var bound = arguments.Bind(context, "truncate", 0, "length", "killwords", "end", "leeway");
        if (value is UndefinedValue) return value;
        if (value is not StringValue text) throw context.Fail($"truncate needs a text, not a {value.TypeName}");
        var length = bound[0] is { } given ? Numbers.Integer(context, given, "the length of truncate") : 255;
        var end = bound[2] is { } ending ? new StringValue(context.Text(ending)) : new StringValue("...");
        var leeway = bound[3] is null or NoneValue ? 5 : Numbers.Integer(context, bound[3]!, "the leeway of truncate");
        var kept = length - end.CharacterCount(context);
        if (kept < 0 || leeway < 0) throw context.Fail("truncate needs a length of at least its ending, and a leeway that is not negative");
        if (text.CharacterCount(context) <= length + leeway) return text;
        var cut = ((StringValue)text.GetSlice(context, null, new IntValue(kept), null)).Text;
        var space = cut.LastIndexOf(' ');
        if (space >= 0 && !(bound[1]?.IsTrue ?? false)) cut = cut[..space];
        return text.With(cut + end.Text);
    }

    public static Value WordCount(RenderContext context, Value value, Arguments arguments)
    {
        arguments.Bind(context, "wordcount", 0);
        var text = context.Text(value);
        context.ChargeSlowText(text.Length);
        var (count, inWord) = (0, false);
        foreach (var rune in text.EnumerateRunes())
        {
            var isWord = Characters.IsWord(rune);
            if (isWord && !inWord) count++;
            inWord = isWord;
        }
        return new IntValue(count);
    }

    public static Value String(RenderContext context, Value value, Arguments arguments)
    {
        arguments.Bind(context, "string", 0);
        return Soft(context, value);
    }

    public static Value Safe(RenderContext context, Value value, Arguments arguments)
    {
        arguments.Bind(context, "safe", 0);
        return new StringValue(context.Text(value), isSafe: true);
    }

    public static Value Escape(RenderContext context, Value value, Arguments arguments)
    {
        arguments.Bind(context, "escape", 0);
        return value is StringValue { IsSafe: true } ? value : new StringValue(Html.Escape(context, context.Text(value)), isSafe: true);
    }

    public static Value ForceEscape(RenderContext context, Value value, Arguments arguments)
    {
        arguments.Bind(context, "forceescape", 0);
        return new StringValue(Html.Escape(context, context.Text(value)), isSafe: true);
    }

    private static StringValue Map(
        RenderContext context, string name, Value value, Arguments arguments, Func<RenderContext, string, string> map)
    {
        arguments.Bind(context, name, 0);
        var text = Soft(context, value);
        return text.With(map(context, text.Text));
    }

    private static StringValue Soft(RenderContext context, Value value) => value as StringValue ?? new StringValue(context.Text(value));

    private static bool IsBetweenWords(char character) => character is '-' or '(' or '{' or '[' or '<' || Characters.IsSpace(character);
}
