using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Library;

/// <summary>Filters that run another filter, or a test, on each item.</summary>
internal static class SelectFilters
{
    public static Value Map(RenderContext context, Value value, Arguments arguments)
    {
        if (!value.IsTrue) return new GeneratorValue([]);
        var items = value.ToArray(context);
        context.Charge(items.Length);
        if (arguments.Positional.Length > 0)
        {
            var filter = FindFilter(context, arguments.Positional[0]);
            var rest = arguments.Skip(1);
            return new GeneratorValue(Array.ConvertAll(items, item => Guarded(context, () => filter(context, item, rest))));
        }
        if (!arguments.Named.Any(argument => argument.Key == "attribute"))
            throw context.Fail("map needs a filter, or the argument 'attribute'");
        var bound = arguments.Bind(context, "map", 0, "attribute", "default");
        var path = AttributePath.Parse(context, bound[0]);
        var absent = bound[1] is NoneValue ? null : bound[1];
        return new GeneratorValue(Array.ConvertAll(items, item => path.Get(context, item, absent)));
    }

    public static Value Select(RenderContext context, Value value, Arguments arguments) => Choose(context, value, arguments, true, "");

    public static Value Reject(RenderContext context, Value value, Arguments arguments) => Choose(context, value, arguments, false, "");

    public static Value SelectAttribute(RenderContext context, Value value, Arguments arguments) =>
        Choose(context, value, arguments, true, "selectattr");

    public static Value RejectAttribute(RenderContext context, Value value, Arguments arguments) =>
        Choose(context, value, arguments, false, "rejectattr");

    private static GeneratorValue Choose(RenderContext context, Value value, Arguments arguments, bool wanted, string attributeFilter)
    {
        if (!value.IsTrue) return new GeneratorValue([]);
        var path = AttributePath.Parse(context, null);
        if (attributeFilter.Length > 0)
        {
            if (arguments.Positional.Length == 0) throw context.Fail($"{attributeFilter} needs the name of an attribute");
            path = AttributePath.Parse(context, arguments.Positional[0]);
            arguments = arguments.Skip(1);
        }
        var test = arguments.Positional.Length > 0 ? FindTest(context, arguments.Positional[0]) : null;
        var rest = test is null ? arguments : arguments.Skip(1);
        var chosen = new List<Value>();
        foreach (var item in value.ToArray(context))
        {
            context.Charge(1);
            var subject = path.Get(context, item);
            if ((test?.Invoke(context, subject, rest) ?? subject.IsTrue) == wanted) chosen.Add(item);
        }
        return new GeneratorValue([.. chosen]);
    }

    // A filter named by a text can be `map` again, and so on: that depth counts too.
    private static Value Guarded(RenderContext context, Func<Value> work)
    {
        var line = context.Enter();
        var result = work();
        context.Leave(line);
        return result;
    }

    private static TemplateFilter FindFilter(RenderContext context, Value name)
    {
        var text = TextTrim.Text(context, name, "the filter of map");
        return FilterTable.Find(text) ?? throw context.Unsupported($"the filter '{text}'; filters are {FilterTable.Names}");
    }

    private static TemplateTest FindTest(RenderContext context, Value name)
    {
        var text = TextTrim.Text(context, name, "the name of a test");
        return TestTable.Find(text) ?? throw context.Unsupported($"the test '{text}'; tests are {TestTable.Names}");
    }
}
