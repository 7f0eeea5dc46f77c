using Octavo.Core.Templates.Library;
using Octavo.Core.Templates.Runtime;

namespace Octavo.Core.Templates.Values;

/// <summary>The name <c>loop</c> inside a loop. It looks ahead only when it is asked to.</summary>
/// <param name="items">The items that the loop goes through; a filter on them runs as they are taken.</param>
/// <param name="length">How many items there are, when that is known from the start.</param>
/// <param name="depth">How many recursive loops lie around this one.</param>
/// <param name="recurse">Runs the loop's body on other items; null when the loop is not recursive.</param>
internal sealed class LoopValue(IEnumerator<Value> items, long? length, int depth, Func<RenderContext, Value, int, Value>? recurse) : Value
{
    private IEnumerator<Value> _items = items;
    private long? _length = length;
    private Value? _before;
    private Value? _current;
    private Value? _after;
    private Value? _changedFrom;
    private long _index = -1;

    public override string TypeName => "LoopContext";

    public override bool IsCallable => true;

    public Value Current => _current!;

    public bool MoveNext()
    {
        var next = Peek();
        _after = null;
        if (next is null) return false;
        _index++;
        (_before, _current) = (_current, next);
        return true;
    }

    public override Value? FindAttribute(RenderContext context, string name) => name switch
    {
        "index" => new IntValue(_index + 1),
        "index0" => new IntValue(_index),
        "revindex" => new IntValue(Count(context) - _index),
        "revindex0" => new IntValue(Count(context) - _index - 1),
        "first" => BoolValue.Of(_index == 0),
        "last" => BoolValue.Of(Peek() is null),
        "length" => new IntValue(Count(context)),
        "depth" => new IntValue(depth + 1),
        "depth0" => new IntValue(depth),
        "previtem" => _index == 0 ? UndefinedValue.Because("there is no previous item") : _before,
        "nextitem" => Peek() ?? UndefinedValue.Because("there is no next item"),
        "cycle" => new FunctionValue("cycle", Cycle),
        "changed" => new FunctionValue("changed", Changed),
        _ => null,
    };

    public override Value Call(RenderContext context, Arguments arguments)
    {
        var inner = arguments.RequirePositional(context, "loop", 1, 1)[0];
        if (recurse is null) throw context.Fail("the loop must have the mark 'recursive' to be called");
        return recurse(context, inner, depth + 1);
    }

    public override void WriteRepresentation(TextBuilder target, RenderContext context) =>
        target.Append("<LoopContext ").AppendRepresentation(new IntValue(_index + 1)).Append('/')
            .AppendRepresentation(new IntValue(Count(context))).Append('>');

    private Value? Peek() => _after ??= _items.MoveNext() ? _items.Current : null;

    private long Count(RenderContext context)
    {
        if (_length is { } known) return known;
        var rest = new List<Value>();
        while (_items.MoveNext())
        {
            context.Charge(1);
            rest.Add(_items.Current);
        }
        _items = rest.GetEnumerator();
        _length = _index + 1 + rest.Count + (_after is null ? 0 : 1);
        return _length.Value;
    }

    private Value Cycle(RenderContext context, Arguments arguments)
    {
        var choices = arguments.RequirePositional(context, "loop.cycle", 1, int.MaxValue);
        return choices[_index % choices.Length];
    }

    private BoolValue Changed(RenderContext context, Arguments arguments)
    {
        var now = new TupleValue(arguments.RequirePositional(context, "loop.changed", 0, int.MaxValue));
        if (_changedFrom is not null && Comparison.AreEqual(context, _changedFrom, now)) return BoolValue.False;
        _changedFrom = now;
        return BoolValue.True;
    }
}
