using Octavo.Core.Templates.Runtime;

namespace Octavo.Core.Templates.Values;

/// <summary>
/// A value inside a template. The set of kinds is closed and none of them wraps a .NET object:
/// what a template can reach is what these classes answer.
/// </summary>
internal abstract class Value
{
    /// <summary>Python's name of the type, as errors show it.</summary>
    public abstract string TypeName { get; }

    public virtual bool IsTrue => true;

    /// <summary>Writes the value as <c>repr()</c> shows it.</summary>
    public abstract void WriteRepresentation(TextBuilder target, RenderContext context);

    /// <summary>Writes the value as <c>str()</c> shows it.</summary>
    public virtual void WriteText(TextBuilder target, RenderContext context) => target.AppendRepresentation(this);

    /// <summary><c>value.name</c>: the type's own attribute, else the item of that name, else undefined.</summary>
    public virtual Value GetAttribute(RenderContext context, string name) =>
        FindAttribute(context, name) ?? FindItem(context, new StringValue(name)) ?? UndefinedValue.OfKey(this, new StringValue(name));

    /// <summary><c>value[key]</c>: the item, else the type's own attribute of that name, else undefined.</summary>
    public virtual Value GetItem(RenderContext context, Value key) =>
        FindItem(context, key)
        ?? (key is StringValue name ? FindAttribute(context, name.Text) : null)
        ?? UndefinedValue.OfKey(this, key);

    /// <summary>An attribute of the type itself, such as a method; null when it has none of that name.</summary>
    public virtual Value? FindAttribute(RenderContext context, string name) => null;

    /// <summary>An item; null when there is none at that key.</summary>
    public virtual Value? FindItem(RenderContext context, Value key) => null;

    public virtual Value GetSlice(RenderContext context, Value? start, Value? stop, Value? step) =>
        throw context.Fail($"a {TypeName} has no slices");

    public virtual bool IsCallable => false;

    public virtual Value Call(RenderContext context, Arguments arguments) =>
        throw context.Fail($"'{TypeName}' object is not callable");

    /// <summary>The items of a loop over the value; null when it cannot be looped over.</summary>
    public virtual IEnumerable<Value>? Items(RenderContext context) => null;

    /// <summary>What <c>len()</c> says; null when the value has no length.</summary>
    public virtual long? Length(RenderContext context) => null;

    /// <summary>True for what can be read by place or key, which the test <c>sequence</c> asks for.</summary>
    public virtual bool HasItems => false;

    /// <summary>True when the items can also be taken from the end.</summary>
    public virtual bool IsReversible => HasItems;

    public IEnumerable<Value> RequireItems(RenderContext context) =>
        Items(context) ?? throw context.Fail($"'{TypeName}' object is not iterable");

    /// <summary>All items as an array, paid for one by one.</summary>
    public Value[] ToArray(RenderContext context)
    {
        if (this is SequenceValue sequence) return sequence.Elements;
        var items = new List<Value>();
        foreach (var item in RequireItems(context))
        {
            context.Charge(1);
            items.Add(item);
        }
        return [.. items];
    }
}
