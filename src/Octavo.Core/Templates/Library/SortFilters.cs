using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Library;

/// <summary>Filters that order or compare items. Texts compare without their case unless asked otherwise.</summary>
internal static class SortFilters
{
    public static Value Sort(RenderContext context, Value value, Arguments arguments)
    {
        var bound = arguments.Bind(context, "sort", 0, "reverse", "case_sensitive", "attribute");
        var items = value.ToArray(context);
        var keys = Keys(context, items, bound[2], bound[1]);
        return new ListValue(Reorder(items, Sorting.Order(context, keys, IsReverse(context, bound[0]))));
    }

    public static Value DictSort(RenderContext context, Value value, Arguments arguments)
    {
        var bound = arguments.Bind(context, "dictsort", 0, "case_sensitive", "by", "reverse");
        if (value is not DictValue mapping) throw context.Fail($"dictsort needs a mapping, not a {value.TypeName}");
        var place = bound[1] switch
        {
            null or StringValue { Text: "key" } => 0,
            StringValue { Text: "value" } => 1,
            _ => throw context.Fail("dictsort sorts by 'key' or by 'value'"),
        };
        var pairs = DictMethods.Pairs(context, mapping);
        var keys = Array.ConvertAll(pairs, pair => Fold(context, ((TupleValue)pair).Elements[place], bound[0]));
        return new ListValue(Reorder(pairs, Sorting.Order(context, keys, IsReverse(context, bound[2]))));
    }

    public static Value GroupBy(RenderContext context, Value value, Arguments arguments)
    {
        var bound = arguments.Bind(context, "groupby", 1, "attribute", "default", "case_sensitive");
        var path = AttributePath.Parse(context, bound[0]);
        var absent = bound[1] is NoneValue ? null : bound[1];
        var items = value.ToArray(context);
        var keys = Array.ConvertAll(items, item => Fold(context, path.Get(context, item, absent), bound[2]));
        var order = Sorting.Order(context, keys, reverse: false);
        var groups = new List<Value>();
        for (var start = 0; start < order.Length;)
        {
            var end = start + 1;
            while (end < order.Length && Comparison.AreEqual(context, keys[order[start]], keys[order[end]])) end++;
            var members = Reorder(items, order[start..end]);
            groups.Add(new GroupValue(path.Get(context, members[0], absent), new ListValue(members)));
            start = end;
        }
        return new ListValue([.. groups]);
    }

    public static Value Unique(RenderContext context, Value value, Arguments arguments)
    {
        var bound = arguments.Bind(context, "unique", 0, "case_sensitive", "attribute");
        var path = AttributePath.Parse(context, bound[1]);
        var seen = new DictValue();
        var unique = new List<Value>();
        foreach (var item in value.ToArray(context))
        {
            context.Charge(1);
            var key = Fold(context, path.Get(context, item), bound[0]);
            if (seen.Find(context, key) is not null) continue;
            seen.Set(context, key, BoolValue.True);
            unique.Add(item);
        }
        return new GeneratorValue([.. unique]);
    }

    public static Value Max(RenderContext context, Value value, Arguments arguments) => Extreme(context, "max", value, arguments, 1);

    public static Value Min(RenderContext context, Value value, Arguments arguments) => Extreme(context, "min", value, arguments, -1);

    private static Value Extreme(RenderContext context, string name, Value value, Arguments arguments, int side)
    {
        var bound = arguments.Bind(context, name, 0, "case_sensitive", "attribute");
        var path = AttributePath.Parse(context, bound[1]);
        var (best, bestKey) = ((Value?)null, (Value?)null);
        foreach (var item in value.ToArray(context))
        {
            context.Charge(1);
            var key = Fold(context, path.Get(context, item), bound[0]);
            if (bestKey is not null && !(Comparison.Compare(context, key, bestKey, side > 0 ? ">" : "<") * side > 0)) continue;
            (best, bestKey) = (item, key);
        }
        return best ?? UndefinedValue.Because($"a list without items has no {name}");
    }

    // Several attributes, with commas between them, make a key of several parts.
    private static Value[] Keys(RenderContext context, Value[] items, Value? attribute, Value? caseSensitive)
    {
        context.Charge(items.Length);
        var paths = attribute is StringValue text
            ? Array.ConvertAll(text.Text.Split(','), part => AttributePath.Parse(context, new StringValue(part)))
            : [AttributePath.Parse(context, attribute)];
        return Array.ConvertAll(items, item => paths.Length == 1
            ? Fold(context, paths[0].Get(context, item), caseSensitive)
            : new ListValue(Array.ConvertAll(paths, path => Fold(context, path.Get(context, item), caseSensitive))));
    }

    private static Value Fold(RenderContext context, Value value, Value? caseSensitive) =>
        value is StringValue text && !(caseSensitive?.IsTrue ?? false) ? new StringValue(CaseMapping.Lower(context, text.Text)) : value;

    private static bool IsReverse(RenderContext context, Value? flag) =>
        flag is not null && Numbers.Integer(context, flag, "the argument 'reverse'") != 0;

    private static Value[] Reorder(Value[] items, int[] order) => Array.ConvertAll(order, place => items[place]);
}
