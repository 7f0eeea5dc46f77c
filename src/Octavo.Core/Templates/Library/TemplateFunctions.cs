using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Library;

/// <summary>The functions that every template has, by name.</summary>
internal static class TemplateFunctions
{
    public const string Names = "dict, namespace, raise_exception, range, strftime_now";

    public static FunctionValue? Find(string name) => name switch
    {
        "dict" => new FunctionValue(name, (context, arguments) => Mapping(context, name, arguments)),
        "namespace" => new FunctionValue(name, (context, arguments) => new NamespaceValue(Mapping(context, name, arguments))),
        "raise_exception" => new FunctionValue(name, RaiseException),
        "range" => new FunctionValue(name, Range),
        "strftime_now" => new FunctionValue(name, TimeText.Now),
        "cycler" or "joiner" or "lipsum" => new FunctionValue(name, (context, _) =>
            throw context.Unsupported($"the function '{name}'; functions are {Names}")),
        _ => null,
    };

    /// <summary>The named arguments as a mapping.</summary>
    public static DictValue Named(Arguments arguments)
    {
        var mapping = new DictValue(arguments.Named.Length);
        foreach (var (name, value) in arguments.Named) mapping.Set(name, value);
        return mapping;
    }

    // The template's own words go to the user as they are: it is the conversation that does not fit.
    private static Value RaiseException(RenderContext context, Arguments arguments) =>
        throw new ConfigException(context.Text(arguments.Bind(context, "raise_exception", 1, "message")[0]!));

    private static DictValue Mapping(RenderContext context, string name, Arguments arguments)
    {
        if (arguments.Positional.Length > 1)
            throw context.Fail($"{name} takes at most 1 argument by place, not {arguments.Positional.Length}");
        var mapping = new DictValue();
        if (arguments.Positional.Length == 1) Fill(context, mapping, arguments.Positional[0]);
        foreach (var (key, value) in arguments.Named) mapping.Set(key, value);
        return mapping;
    }

    private static void Fill(RenderContext context, DictValue mapping, Value source)
    {
        UndefinedValue.Refuse(context, source);
        var pairs = source is DictValue other ? DictMethods.Pairs(context, other) : source.ToArray(context);
        foreach (var pair in pairs)
        {
            var items = pair.ToArray(context);
            if (items.Length != 2) throw context.Fail($"a mapping is made of pairs, not of {items.Length} items");
            mapping.Set(context, items[0], items[1]);
        }
    }

    private static RangeValue Range(RenderContext context, Arguments arguments)
    {
        var given = arguments.RequirePositional(context, "range", 1, 3);
        var bounds = Array.ConvertAll(given, bound => Numbers.Integer(context, bound, "an argument of range"));
        var (start, stop, step) = bounds.Length == 1 ? (0, bounds[0], 1L) : (bounds[0], bounds[1], bounds.Length == 3 ? bounds[2] : 1L);
        if (step == 0) throw context.Fail("the step of range is zero");
        var span = step > 0 ? (Int128)stop - start : (Int128)start - stop;
        var size = step > 0 ? step : -(Int128)step;
        var count = span <= 0 ? 0 : (span - 1) / size + 1;
        if (count > TemplateLimits.Range) throw context.Fail($"range() of {count} items; it may have {TemplateLimits.Range}");
        return new RangeValue(start, stop, step, (int)count);
    }
}
