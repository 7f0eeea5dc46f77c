using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Syntax.Expressions;

/// <summary>The arguments of a call as they are written: by place, by name, and those of <c>*list</c> and <c>**mapping</c>.</summary>
internal sealed class ArgumentList(Expression[] positional, (string Name, Expression Value)[] named, Expression? list, Expression? mapping)
{
    public static readonly ArgumentList Empty = new([], [], null, null);

    public Arguments Evaluate(RenderContext context, Value? caller = null)
    {
        if (positional.Length == 0 && named.Length == 0 && list is null && mapping is null && caller is null) return Arguments.None;
        var places = Array.ConvertAll(positional, argument => argument.Evaluate(context));
        if (list is not null) places = [.. places, .. list.Evaluate(context).ToArray(context)];
        context.Charge(places.Length);
        if (named.Length == 0 && mapping is null && caller is null) return new Arguments(places, []);
        var names = new List<KeyValuePair<string, Value>>(named.Length);
        foreach (var (name, value) in named) Add(context, names, name, value.Evaluate(context));
        if (caller is not null) Add(context, names, "caller", caller);
        if (mapping is not null) AddMapping(context, names, mapping.Evaluate(context));
        return new Arguments(places, [.. names]);
    }

    private static void AddMapping(RenderContext context, List<KeyValuePair<string, Value>> names, Value mapping)
    {
        if (mapping is not DictValue pairs) throw context.Fail($"'**' needs a mapping, not a {mapping.TypeName}");
        for (var i = 0; i < pairs.Count; i++)
        {
            var (key, value) = pairs[i];
            if (key is not StringValue name) throw context.Fail("'**' needs a mapping whose keys are texts");
            if (names.Count >= TemplateLimits.Arguments)
                throw context.Fail($"a call has more than {TemplateLimits.Arguments} named arguments");
            Add(context, names, name.Text, value);
        }
    }

    private static void Add(RenderContext context, List<KeyValuePair<string, Value>> names, string name, Value value)
    {
        context.Charge(1 + names.Count / 8 + name.Length / TemplateLimits.CharactersPerStep);
        if (names.Exists(given => given.Key == name)) throw context.Fail($"a call gives the argument '{name}' twice");
        names.Add(new KeyValuePair<string, Value>(name, value));
    }
}
