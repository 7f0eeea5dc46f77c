using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Library;

/// <summary>Filters on lists, mappings and whatever else has items.</summary>
internal static class SequenceFilters
{
    public static Value Length(RenderContext context, Value value, Arguments arguments)
    {
        arguments.Bind(context, "length", 0);
        return new IntValue(value.Length(context) ?? throw context.Fail($"a {value.TypeName} has no length"));
    }

    public static Value Default(RenderContext context, Value value, Arguments arguments)
    {
        var bound = arguments.Bind(context, "default", 0, "default_value", "boolean");
        var isAbsent = value is UndefinedValue || ((bound[1]?.IsTrue ?? false) && !value.IsTrue);
        return isAbsent ? bound[0] ?? StringValue.Empty : value;
    }

    public static Value First(RenderContext context, Value value, Arguments arguments)
    {
        arguments.Bind(context, "first", 0);
        foreach (var item in value.RequireItems(context)) return item;
        return UndefinedValue.Because("a list without items has no first one");
    }

    public static Value Last(RenderContext context, Value value, Arguments arguments)
    {
        arguments.Bind(context, "last", 0);
        if (value is StringValue text) return text.Text.Length == 0 ? Nothing() : text.FindItem(context, new IntValue(-1))!;
        if (value is UndefinedValue) return Nothing();
        if (!value.IsReversible) throw context.Fail($"a {value.TypeName} has no last item; put the filter 'list' before");
        var items = value.ToArray(context);
        return items.Length == 0 ? Nothing() : items[^1];

        static UndefinedValue Nothing() => UndefinedValue.Because("a list without items has no last one");
    }

    public static Value List(RenderContext context, Value value, Arguments arguments)
    {
        arguments.Bind(context, "list", 0);
        return value as ListValue ?? new ListValue(value.ToArray(context));
    }

    public static Value Reverse(RenderContext context, Value value, Arguments arguments)
    {
        arguments.Bind(context, "reverse", 0);
        if (value is StringValue text) return text.GetSlice(context, null, null, new IntValue(-1));
        var items = value.ToArray(context);
        context.Charge(items.Length);
        var reversed = (Value[])items.Clone();
        Array.Reverse(reversed);
        return value.IsReversible ? new GeneratorValue(reversed, value.TypeName + "_reverseiterator") : new ListValue(reversed);
    }

    public static Value Items(RenderContext context, Value value, Arguments arguments)
    {
        arguments.Bind(context, "items", 0);
        return value switch
        {
            UndefinedValue => new GeneratorValue([]),
            DictValue mapping => new GeneratorValue(DictMethods.Pairs(context, mapping)),
            _ => throw context.Fail($"items needs a mapping, not a {value.TypeName}"),
        };
    }

    public static Value Attribute(RenderContext context, Value value, Arguments arguments)
    {
        var name = TextTrim.Text(context, arguments.Bind(context, "attr", 1, "name")[0]!, "the name of attr");
        UndefinedValue.Refuse(context, value);
        return value.FindAttribute(context, name) ?? UndefinedValue.OfKey(value, new StringValue(name));
    }

    public static Value Batch(RenderContext context, Value value, Arguments arguments)
    {
        var bound = arguments.Bind(context, "batch", 1, "linecount", "fill_with");
        var size = Numbers.Integer(context, bound[0]!, "the size of batch");
        var items = value.ToArray(context);
        context.Charge(items.Length);
        var batches = new List<Value>();
        // The reference compares the size of a batch with what it asks for: zero is full at once and then never again.
        if (size == 0 && items.Length > 0) batches.Add(new ListValue([]));
        for (var start = 0L; start < items.Length;)
        {
            var end = size < 1 ? items.Length : Math.Min(items.Length, start + size);
            batches.Add(new ListValue(Fill(context, items[(int)start..(int)end], bound[1], size)));
            start = end;
        }
        return new GeneratorValue([.. batches]);
    }

    public static Value Slice(RenderContext context, Value value, Arguments arguments)
    {
        var bound = arguments.Bind(context, "slice", 1, "slices", "fill_with");
        var count = Numbers.Integer(context, bound[0]!, "the count of slice");
        if (count == 0) throw context.Fail("slice cannot make zero slices");
        if (count < 0) return new GeneratorValue([]);
        var items = value.ToArray(context);
        context.Charge(count + items.Length);
        var (size, extra) = ((int)(items.Length / count), (int)(items.Length % count));
        var slices = new Value[count];
        var start = 0;
        for (var i = 0; i < slices.Length; i++)
        {
            var end = start + size + (i < extra ? 1 : 0);
            slices[i] = new ListValue(Fill(context, items[start..end], i >= extra ? bound[1] : null, size + 1));
            start = end;
        }
        return new GeneratorValue(slices);
    }

    private static Value[] Fill(RenderContext context, Value[] items, Value? fill, long size)
    {
        if (fill is null or NoneValue || items.Length >= size) return items;
        context.Charge(size);
        var filled = new Value[size];
        items.CopyTo(filled, 0);
        Array.Fill(filled, fill, items.Length, filled.Length - items.Length);
        return filled;
    }
}
