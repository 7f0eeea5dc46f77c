using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Library;

/// <summary>The work of a test.</summary>
internal delegate bool TemplateTest(RenderContext context, Value value, Arguments arguments);

/// <summary>The tests, by name: what stands behind <c>is</c>.</summary>
internal static class TestTable
{
    public const string Names =
        "boolean, callable, defined, divisibleby, eq, equalto, escaped, even, false, filter, float, ge, greaterthan, gt, in, integer, " +
        "iterable, le, lessthan, lower, lt, mapping, ne, none, number, odd, sameas, sequence, string, test, true, undefined, upper";

    public static TemplateTest? Find(string name) => name switch
    {
        "boolean" => Of(value => value is BoolValue),
        "callable" => Of(value => value.IsCallable),
        "defined" => Of(value => value is not UndefinedValue),
        "divisibleby" => (context, value, arguments) => Rest(context, value, One(context, arguments)) == 0,
        "eq" or "equalto" or "==" => (context, value, arguments) => Comparison.AreEqual(context, value, One(context, arguments)),
        "escaped" => Of(value => value is StringValue { IsSafe: true }),
        "even" => (context, value, arguments) => Rest(context, value, Two(context, arguments)) == 0,
        "false" => Of(value => value == BoolValue.False),
        "filter" => (context, value, arguments) => Knows(context, value, arguments, text => FilterTable.Find(text) is not null),
        "float" => Of(value => value is FloatValue),
        "ge" or ">=" => (context, value, arguments) => Comparison.Compare(context, value, One(context, arguments), ">=") >= 0,
        "gt" or "greaterthan" or ">" => (context, value, arguments) => Comparison.Compare(context, value, One(context, arguments), ">") > 0,
        "in" => (context, value, arguments) => Comparison.Contains(context, One(context, arguments), value),
        "integer" => Of(value => value is IntValue or BigIntValue),
        "iterable" => (context, value, arguments) => None(context, arguments) && value.Items(context) is not null,
        "le" or "<=" => (context, value, arguments) => Comparison.Compare(context, value, One(context, arguments), "<=") <= 0,
        "lower" => (context, value, arguments) => None(context, arguments) && StringMethods.IsLower(context, context.Text(value)),
        "lt" or "lessthan" or "<" => (context, value, arguments) => Comparison.Compare(context, value, One(context, arguments), "<") < 0,
        "mapping" => Of(value => value is DictValue),
        "ne" or "!=" => (context, value, arguments) => !Comparison.AreEqual(context, value, One(context, arguments)),
        "none" => Of(value => value is NoneValue),
        "number" => Of(Numbers.IsNumber),
        "odd" => (context, value, arguments) => Rest(context, value, Two(context, arguments)) == 1,
        "sameas" => (context, value, arguments) => Comparison.AreSame(context, value, One(context, arguments)),
        "sequence" => Of(value => value.HasItems),
        "string" => Of(value => value is StringValue),
        "test" => (context, value, arguments) => Knows(context, value, arguments, text => Find(text) is not null),
        "true" => Of(value => value == BoolValue.True),
        "undefined" => Of(value => value is UndefinedValue),
        "upper" => (context, value, arguments) => None(context, arguments) && StringMethods.IsUpper(context, context.Text(value)),
        _ => null,
    };

    private static TemplateTest Of(Func<Value, bool> test) => (context, value, arguments) => None(context, arguments) && test(value);

    private static bool None(RenderContext context, Arguments arguments)
    {
        arguments.Bind(context, "a test", 0);
        return true;
    }

    private static Value One(RenderContext context, Arguments arguments) => arguments.Count == 1
        ? arguments.Positional.Length == 1 ? arguments.Positional[0] : arguments.Named[0].Value
        : throw context.Fail($"a test takes 1 argument, not {arguments.Count}");

    private static IntValue Two(RenderContext context, Arguments arguments)
    {
        None(context, arguments);
        return new IntValue(2);
    }

    private static double? Rest(RenderContext context, Value value, Value divisor) =>
        value is StringValue
            ? throw context.Fail("a str cannot be divided")
            : Numbers.AsDouble(Arithmetic.Apply(context, "%", value, divisor));

    private static bool Knows(RenderContext context, Value value, Arguments arguments, Func<string, bool> find) =>
        None(context, arguments) && value is StringValue text && find(text.Text);
}
