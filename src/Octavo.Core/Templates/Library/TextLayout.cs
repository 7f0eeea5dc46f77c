using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Library;

/// <summary><c>join</c>, and the methods that fill a text up to a width.</summary>
internal static class TextLayout
{
    public static Value LeftJustify(RenderContext context, StringValue self, Arguments arguments) =>
        Justify(context, self, "ljust", arguments, '<');

    public static Value RightJustify(RenderContext context, StringValue self, Arguments arguments) =>
        Justify(context, self, "rjust", arguments, '>');

    public static Value Center(RenderContext context, StringValue self, Arguments arguments)
    {
        var (width, fill) = Bind(context, "center", arguments);
        return new StringValue(Center(context, self, width, fill));
    }

    /// <summary>Centres a text; an odd rest goes left where the width is odd, as Python has it.</summary>
    public static string Center(RenderContext context, StringValue text, long width, string fill = " ")
    {
        var missing = Math.Max(0, width - text.CharacterCount(context));
        var before = missing / 2 + (missing & width & 1);
        var target = new TextBuilder(context);
        NumberFormat.Fill(target, fill, before);
        target.Append(text.Text);
        NumberFormat.Fill(target, fill, missing - before);
        return target.ToString();
    }

    public static Value ZeroFill(RenderContext context, StringValue self, Arguments arguments)
    {
        var width = Numbers.Integer(context, arguments.RequirePositional(context, "zfill", 1, 1)[0], "the width of zfill");
        var missing = Math.Max(0, width - self.CharacterCount(context));
        var sign = self.Text.Length > 0 && self.Text[0] is '+' or '-' ? 1 : 0;
        var filled = new TextBuilder(context).Append(self.Text.AsSpan(0, sign)).Append('0', missing).Append(self.Text.AsSpan(sign));
        return new StringValue(filled.ToString());
    }

    /// <summary>The method <c>join</c>: the items must be texts.</summary>
    public static Value Join(RenderContext context, StringValue self, Arguments arguments)
    {
        var items = arguments.RequirePositional(context, "join", 1, 1)[0].ToArray(context);
        var joined = new TextBuilder(context);
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0) joined.Append(self.Text);
            joined.Append(TextTrim.Text(context, items[i], "each item of join"));
        }
        return new StringValue(joined.ToString());
    }

    private static StringValue Justify(RenderContext context, StringValue self, string name, Arguments arguments, char align)
    {
        var (width, fill) = Bind(context, name, arguments);
        var target = new TextBuilder(context);
        NumberFormat.Pad(target, self.Text, self.CharacterCount(context), width, align, fill);
        return new StringValue(target.ToString());
    }

    private static (long Width, string Fill) Bind(RenderContext context, string name, Arguments arguments)
    {
        var given = arguments.RequirePositional(context, name, 1, 2);
        var width = Numbers.Integer(context, given[0], $"the width of {name}");
        if (given.Length == 1) return (width, " ");
        return given[1] is StringValue fill && fill.CharacterCount(context) == 1
            ? (width, fill.Text)
            : throw context.Fail($"the fill of {name} must be one character");
    }
}
