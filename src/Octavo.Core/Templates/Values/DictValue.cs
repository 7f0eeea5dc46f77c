using Octavo.Core.Templates.Library;
using Octavo.Core.Templates.Runtime;

namespace Octavo.Core.Templates.Values;

/// <summary>A mapping that keeps the order of its keys.</summary>
internal sealed class DictValue(int capacity = 0) : Value
{
    private readonly OrderedDictionary<Value, Value> _pairs = new(capacity, KeyComparer.Instance);

    public int Count => _pairs.Count;

    public override string TypeName => "dict";

    public override bool IsTrue => _pairs.Count > 0;

    public override bool HasItems => true;

    public KeyValuePair<Value, Value> this[int place] => _pairs.GetAt(place);

    public OrderedDictionary<Value, Value>.KeyCollection Keys => _pairs.Keys;

    public OrderedDictionary<Value, Value>.ValueCollection Values => _pairs.Values;

    /// <summary>Only for whoever is still making the value.</summary>
    public void Set(RenderContext context, Value key, Value value)
    {
        RequireKey(context, key);
        _pairs[key] = value;
    }

    /// <summary>Only for whoever is still making the value.</summary>
    public void Set(string key, Value value) => _pairs[new StringValue(key)] = value;

    public Value? Find(string key) => _pairs.GetValueOrDefault(new StringValue(key));

    public Value? Find(RenderContext context, Value key)
    {
        RequireKey(context, key);
        return _pairs.GetValueOrDefault(key);
    }

    public override Value? FindAttribute(RenderContext context, string name) => DictMethods.Find(context, this, name);

    public override Value? FindItem(RenderContext context, Value key) =>
        key is SequenceValue or DictValue ? null : Find(context, key);

    public override IEnumerable<Value> Items(RenderContext context) => _pairs.Keys;

    public override long? Length(RenderContext context) => _pairs.Count;

    public override void WriteRepresentation(TextBuilder target, RenderContext context)
    {
        target.Append('{');
        for (var i = 0; i < _pairs.Count; i++)
        {
            var (key, value) = _pairs.GetAt(i);
            if (i > 0) target.Append(", ");
            target.AppendRepresentation(key).Append(": ").AppendRepresentation(value);
        }
        target.Append('}');
    }

    private static void RequireKey(RenderContext context, Value key)
    {
        if (key is ListValue or DictValue) throw context.Fail($"a {key.TypeName} cannot be a key");
        if (key is TupleValue) throw context.Unsupported("a tuple as a key");
        if (key is StringValue text) context.ChargeText(text.Text.Length);
    }
}
