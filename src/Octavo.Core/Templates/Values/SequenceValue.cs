using Octavo.Core.Templates.Library;
using Octavo.Core.Templates.Runtime;

namespace Octavo.Core.Templates.Values;

/// <summary>A list or a tuple. Neither can be changed.</summary>
internal abstract class SequenceValue(Value[] elements) : Value
{
    /// <summary>The items; nobody writes into the array once a value holds it.</summary>
    public Value[] Elements => elements;

    public override bool IsTrue => elements.Length > 0;

    public override bool HasItems => true;

    public override IEnumerable<Value> Items(RenderContext context) => elements;

    public override long? Length(RenderContext context) => elements.Length;

    /// <summary>A value of the same kind with other items.</summary>
    public abstract SequenceValue With(Value[] items);

    public override Value? FindItem(RenderContext context, Value key)
    {
        if (Numbers.AsInteger(key) is not { } index) return null;
        if (index < 0) index += elements.Length;
        return index >= 0 && index < elements.Length ? elements[index] : null;
    }

    public override Value GetSlice(RenderContext context, Value? start, Value? stop, Value? step)
    {
        var slice = Slice.Of(context, start, stop, step, elements.Length);
        context.Charge(slice.Count);
        var items = new Value[slice.Count];
        for (var i = 0; i < items.Length; i++) items[i] = elements[slice[i]];
        return With(items);
    }

    public override Value? FindAttribute(RenderContext context, string name) => SequenceMethods.Find(context, this, name);

    protected void WriteElements(TextBuilder target)
    {
        for (var i = 0; i < elements.Length; i++)
        {
            if (i > 0) target.Append(", ");
            target.AppendRepresentation(elements[i]);
        }
    }
}
