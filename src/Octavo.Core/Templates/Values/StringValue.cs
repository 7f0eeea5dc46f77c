using System.Text;
using Octavo.Core.Templates.Library;
using Octavo.Core.Templates.Runtime;

namespace Octavo.Core.Templates.Values;

/// <summary>A text. Its places and lengths count Unicode characters, as Python's do, not UTF-16 units.</summary>
/// <param name="text">The text.</param>
/// <param name="isSafe">True after the filters <c>safe</c> and <c>escape</c>: adding other text to it escapes that text.</param>
internal sealed class StringValue(string text, bool isSafe = false) : Value
{
    public static readonly StringValue Empty = new("");

    private int _characters = -1;

    public string Text => text;

    public bool IsSafe => isSafe;

    public override string TypeName => isSafe ? "Markup" : "str";

    public override bool IsTrue => text.Length > 0;

    public override bool HasItems => true;

    /// <summary>A text of the same safety.</summary>
    public StringValue With(string other) => new(other, isSafe);

    public override void WriteRepresentation(TextBuilder target, RenderContext context)
    {
        if (isSafe) target.Append("Markup(");
        TextRepresentation.Write(target, text);
        if (isSafe) target.Append(')');
    }

    public override void WriteText(TextBuilder target, RenderContext context) => target.Append(text);

    public override long? Length(RenderContext context) => CharacterCount(context);

    public int CharacterCount(RenderContext context)
    {
        if (_characters >= 0) return _characters;
        context.ChargeText(text.Length);
        var pairs = 0;
        for (var i = 0; i + 1 < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && char.IsLowSurrogate(text[i + 1])) (pairs, i) = (pairs + 1, i + 1);
        }
        return _characters = text.Length - pairs;
    }

    /// <summary>The UTF-16 place of a character. All places are those of Python unless the text has surrogate pairs.</summary>
    public int PlaceOf(RenderContext context, int character)
    {
        if (CharacterCount(context) == text.Length) return character;
        context.ChargeSlowText(character);
        var place = 0;
        for (var i = 0; i < character; i++) place += CharacterAt(place).Length;
        return place;
    }

    /// <summary>The character's number of a UTF-16 place.</summary>
    public int CharacterOf(RenderContext context, int place) =>
        CharacterCount(context) == text.Length ? place : new StringValue(text[..place]).CharacterCount(context);

    public override IEnumerable<Value> Items(RenderContext context)
    {
        for (var place = 0; place < text.Length;)
        {
            context.Charge(1);
            var character = CharacterAt(place).ToString();
            yield return new StringValue(character);
            place += character.Length;
        }
    }

    public override Value? FindItem(RenderContext context, Value key)
    {
        if (Numbers.AsInteger(key) is not { } index) return null;
        var count = CharacterCount(context);
        if (index < 0) index += count;
        if (index < 0 || index >= count) return null;
        return With(CharacterAt(PlaceOf(context, (int)index)).ToString());
    }

    public override Value GetSlice(RenderContext context, Value? start, Value? stop, Value? step)
    {
        var count = CharacterCount(context);
        var slice = Slice.Of(context, start, stop, step, count);
        if (slice.Count == 0) return With("");
        context.ChargeText(slice.Count);
        if (slice.IsRange)
        {
            var first = PlaceOf(context, slice[0]);
            var end = count == text.Length ? first + slice.Count : PlaceOf(context, slice[0] + slice.Count);
            return With(text[first..end]);
        }
        return With(Pick(context, slice, count));
    }

    public override Value? FindAttribute(RenderContext context, string name) => StringMethods.Find(context, this, name);

    private string Pick(RenderContext context, Slice slice, int count)
    {
        var picked = new StringBuilder(slice.Count);
        if (count == text.Length)
        {
            for (var i = 0; i < slice.Count; i++) picked.Append(text[slice[i]]);
            return picked.ToString();
        }
        context.ChargeSlowText(text.Length);
        var places = new int[count + 1];
        for (var i = 0; i < count; i++) places[i + 1] = places[i] + CharacterAt(places[i]).Length;
        for (var i = 0; i < slice.Count; i++) picked.Append(CharacterAt(places[slice[i]]));
        return picked.ToString();
    }

    // A lone surrogate is a character of its own, as in Python.
    private ReadOnlySpan<char> CharacterAt(int place) =>
        char.IsHighSurrogate(text[place]) && place + 1 < text.Length && char.IsLowSurrogate(text[place + 1])
            ? text.AsSpan(place, 2)
            : text.AsSpan(place, 1);
}
