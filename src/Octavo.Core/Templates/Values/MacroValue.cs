using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Syntax.Statements;

namespace Octavo.Core.Templates.Values;

/// <summary>A macro together with the scope that it was defined in.</summary>
internal sealed class MacroValue(MacroDefinition definition, Scope around) : Value
{
    private string Title => definition.Name is null ? "the body of a call block" : $"macro '{definition.Name}'";

    public override string TypeName => "Macro";

    public override bool IsCallable => true;

    public override Value? FindAttribute(RenderContext context, string name) => name switch
    {
        "name" => definition.Name is null ? NoneValue.Instance : new StringValue(definition.Name),
        "arguments" => new TupleValue(Array.ConvertAll(definition.Parameters, parameter => (Value)new StringValue(parameter.Name))),
        "catch_kwargs" => BoolValue.Of(definition.UsesKwargs),
        "catch_varargs" => BoolValue.Of(definition.UsesVarargs),
        "caller" => BoolValue.Of(definition.UsesCaller),
        _ => null,
    };

    public override Value Call(RenderContext context, Arguments arguments)
    {
        context.EnterCall();
        var scope = new Scope(around);
        var outer = context.Scope;
        context.Scope = scope;
        BindParameters(context, scope, arguments);
        context.Scope = outer;
        var text = Statement.Capture(context, definition.Body, scope, out _);
        context.LeaveCall();
        return new StringValue(text);
    }

    public override void WriteRepresentation(TextBuilder target, RenderContext context) =>
        target.Append(definition.Name is null ? "<Macro anonymous>" : $"<Macro '{definition.Name}'>");

    private void BindParameters(RenderContext context, Scope scope, Arguments arguments)
    {
        var parameters = definition.Parameters;
        var places = arguments.Positional;
        var names = new List<KeyValuePair<string, Value>>(arguments.Named);
        var given = new Value?[parameters.Length];
        for (var i = 0; i < parameters.Length; i++)
        {
            context.Charge(1 + names.Count / 8);
            given[i] = i < places.Length ? places[i] : Take(names, parameters[i].Name);
        }
        var hasCallerParameter = Array.Exists(parameters, parameter => parameter.Name == "caller");
        if (definition.UsesCaller && !hasCallerParameter)
        {
            var caller = Take(names, "caller");
            scope.Set("caller", caller ?? UndefinedValue.Because("no caller is defined; the macro must be called by a call block"));
        }
        BindRest(context, scope, places, names);
        // A default may read the parameters before it.
        for (var i = 0; i < parameters.Length; i++)
        {
            var value = given[i] ?? parameters[i].Default?.Evaluate(context)
                ?? UndefinedValue.Because($"the parameter '{parameters[i].Name}' was not provided");
            scope.Set(parameters[i].Name, value);
        }
    }

    private void BindRest(RenderContext context, Scope scope, Value[] places, List<KeyValuePair<string, Value>> names)
    {
        if (definition.UsesKwargs) scope.Set("kwargs", Library.TemplateFunctions.Named(new Arguments([], [.. names])));
        else if (names.Count > 0) throw context.Fail($"{Title} takes no argument named '{names[0].Key}'");
        var count = definition.Parameters.Length;
        if (definition.UsesVarargs) scope.Set("varargs", new TupleValue(places.Length > count ? places[count..] : []));
        else if (places.Length > count) throw context.Fail($"{Title} takes at most {count} arguments, not {places.Length}");
    }

    private static Value? Take(List<KeyValuePair<string, Value>> names, string name)
    {
        var place = names.FindIndex(named => named.Key == name);
        if (place < 0) return null;
        var value = names[place].Value;
        names.RemoveAt(place);
        return value;
    }
}
