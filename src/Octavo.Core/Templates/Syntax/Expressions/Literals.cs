using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Syntax.Expressions;

/// <summary>A value that is written down.</summary>
internal sealed class ConstantExpression(int line, Value value) : Expression(line)
{
    protected override Value Compute(RenderContext context) => value;
}

/// <summary><c>[a, b]</c></summary>
internal sealed class ListExpression(int line, Expression[] items) : Expression(line)
{
    protected override Value Compute(RenderContext context) => new ListValue(Array.ConvertAll(items, item => item.Evaluate(context)));
}

/// <summary><c>(a, b)</c></summary>
internal sealed class TupleExpression(int line, Expression[] items) : Expression(line)
{
    protected override Value Compute(RenderContext context) => new TupleValue(Array.ConvertAll(items, item => item.Evaluate(context)));
}

/// <summary><c>{key: value}</c></summary>
internal sealed class DictExpression(int line, (Expression Key, Expression Value)[] pairs) : Expression(line)
{
    protected override Value Compute(RenderContext context)
    {
        var mapping = new DictValue(pairs.Length);
        foreach (var (key, value) in pairs) mapping.Set(context, key.Evaluate(context), value.Evaluate(context));
        return mapping;
    }
}
