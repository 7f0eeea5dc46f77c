using System.Text;
using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Library;

/// <summary><c>strip</c> and its kin.</summary>
internal static class TextTrim
{
    public static Value Both(RenderContext context, StringValue self, Arguments arguments) => Trim(context, self, arguments, true, true);

    public static Value Left(RenderContext context, StringValue self, Arguments arguments) => Trim(context, self, arguments, true, false);

    public static Value Right(RenderContext context, StringValue self, Arguments arguments) => Trim(context, self, arguments, false, true);

    public static Value Prefix(RenderContext context, StringValue self, Arguments arguments)
    {
        var prefix = Text(context, arguments.RequirePositional(context, "removeprefix", 1, 1)[0], "the argument of removeprefix");
        return self.Text.StartsWith(prefix, StringComparison.Ordinal) ? new StringValue(self.Text[prefix.Length..]) : self;
    }

    public static Value Suffix(RenderContext context, StringValue self, Arguments arguments)
    {
        var suffix = Text(context, arguments.RequirePositional(context, "removesuffix", 1, 1)[0], "the argument of removesuffix");
        return self.Text.EndsWith(suffix, StringComparison.Ordinal) ? new StringValue(self.Text[..^suffix.Length]) : self;
    }

    /// <summary>Takes space, or the characters that are given, from the ends of a text.</summary>
    public static string Trim(RenderContext context, string text, string? characters, bool atStart, bool atEnd)
    {
        context.ChargeText(text.Length);
        var isOuter = Outer(context, characters);
        var (start, end) = (0, text.Length);
        while (atStart && start < end && isOuter(RuneAt(text, start, out var length))) start += length;
        while (atEnd && start < end && isOuter(RuneBefore(text, end, out var length))) end -= length;
        context.ChargeSlowText(text.Length - end + start);
        return start == 0 && end == text.Length ? text : text[start..end];
    }

    /// <summary>An argument that must be a text.</summary>
    public static string Text(RenderContext context, Value value, string what)
    {
        UndefinedValue.Refuse(context, value);
        return value is StringValue text ? text.Text : throw context.Fail($"{what} must be a text, not a {value.TypeName}");
    }

    private static StringValue Trim(RenderContext context, StringValue self, Arguments arguments, bool atStart, bool atEnd)
    {
        var given = arguments.RequirePositional(context, "strip", 0, 1);
        var characters = given.Length == 0 || given[0] is NoneValue ? null : Text(context, given[0], "the characters to strip");
        return new StringValue(Trim(context, self.Text, characters, atStart, atEnd));
    }

    private static Func<int, bool> Outer(RenderContext context, string? characters)
    {
        if (characters is null) return character => character <= char.MaxValue && Characters.IsSpace((char)character);
        if (characters.Length == 1) return character => character == characters[0];
        context.ChargeSlowText(characters.Length);
        var set = new HashSet<int>();
        for (var place = 0; place < characters.Length;)
        {
            set.Add(RuneAt(characters, place, out var length));
            place += length;
        }
        return set.Contains;
    }

    private static int RuneAt(string text, int place, out int length)
    {
        var isRune = Rune.TryGetRuneAt(text, place, out var rune);
        length = isRune ? rune.Utf16SequenceLength : 1;
        return isRune ? rune.Value : text[place];
    }

    private static int RuneBefore(string text, int end, out int length)
    {
        var isPair = end > 1 && char.IsSurrogatePair(text[end - 2], text[end - 1]);
        length = isPair ? 2 : 1;
        return isPair ? char.ConvertToUtf32(text[end - 2], text[end - 1]) : text[end - 1];
    }
}
