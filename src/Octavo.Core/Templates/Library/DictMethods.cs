using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Library;

/// <summary>The methods of mappings, by name. Those that change a mapping are refused.</summary>
internal static class DictMethods
{
    public static Value? Find(RenderContext context, DictValue self, string name) => name switch
    {
        "get" => new MethodValue<DictValue>(self, name, Get),
        "items" => new MethodValue<DictValue>(self, name, (context, self, arguments) => View(context, self, name, arguments, Pairs)),
        "keys" => new MethodValue<DictValue>(self, name, (context, self, arguments) => View(context, self, name, arguments, Keys)),
        "values" => new MethodValue<DictValue>(self, name, (context, self, arguments) => View(context, self, name, arguments, Values)),
        "copy" => new MethodValue<DictValue>(self, name, Copy),
        "fromkeys" => throw context.Unsupported("the method 'fromkeys' of dict"),
        "clear" or "pop" or "popitem" or "setdefault" or "update" => UndefinedValue.Because(
            $"the method '{name}' would change a mapping, which a template may not; read a key of that name as ['{name}']"),
        _ => null,
    };

    /// <summary>The pairs of a mapping as tuples.</summary>
    public static Value[] Pairs(RenderContext context, DictValue mapping)
    {
        context.Charge(mapping.Count);
        var pairs = new Value[mapping.Count];
        for (var i = 0; i < pairs.Length; i++) pairs[i] = new TupleValue([mapping[i].Key, mapping[i].Value]);
        return pairs;
    }

    private static Value[] Keys(RenderContext context, DictValue mapping)
    {
        context.Charge(mapping.Count);
        return [.. mapping.Keys];
    }

    private static Value[] Values(RenderContext context, DictValue mapping)
    {
        context.Charge(mapping.Count);
        return [.. mapping.Values];
    }

    private static DictViewValue View(
        RenderContext context, DictValue self, string name, Arguments arguments, Func<RenderContext, DictValue, Value[]> items)
    {
        arguments.RequirePositional(context, name, 0, 0);
        return new DictViewValue(name, items(context, self));
    }

    private static Value Get(RenderContext context, DictValue self, Arguments arguments)
    {
        var given = arguments.RequirePositional(context, "get", 1, 2);
        return self.Find(context, given[0]) ?? (given.Length > 1 ? given[1] : NoneValue.Instance);
    }

    private static DictValue Copy(RenderContext context, DictValue self, Arguments arguments)
    {
        arguments.RequirePositional(context, "copy", 0, 0);
        return self;
    }
}
