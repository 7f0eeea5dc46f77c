using Octavo.Core.Templates.Library;
using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Syntax.Expressions;

/// <summary><c>a if test else b</c>; without <c>else</c> the other value is undefined.</summary>
internal sealed class ConditionalExpression(int line, Expression test, Expression then, Expression? otherwise) : Expression(line)
{
    protected override Value Compute(RenderContext context) => test.Evaluate(context).IsTrue
        ? then.Evaluate(context)
        : otherwise?.Evaluate(context)
            ?? UndefinedValue.Because("the inline if evaluated to false and no else section was defined");
}

/// <summary><c>a and b and c</c>, or the same with <c>or</c>: the value of the operand that decides.</summary>
internal sealed class LogicalExpression(int line, bool isOr, Expression[] operands) : Expression(line)
{
    protected override Value Compute(RenderContext context)
    {
        var value = operands[0].Evaluate(context);
        for (var i = 1; i < operands.Length && value.IsTrue != isOr; i++) value = operands[i].Evaluate(context);
        return value;
    }
}

/// <summary><c>not a</c></summary>
internal sealed class NotExpression(int line, Expression operand) : Expression(line)
{
    protected override Value Compute(RenderContext context) => BoolValue.Of(!operand.Evaluate(context).IsTrue);
}

/// <summary>One step of a comparison: the operator and what stands behind it.</summary>
internal sealed record Comparand(string Sign, Expression Operand);

/// <summary><c>a &lt; b &lt;= c</c>, <c>a in b</c>, <c>a not in b</c>: true when each neighbouring pair compares so.</summary>
internal sealed class CompareExpression(int line, Expression first, Comparand[] rest) : Expression(line)
{
    protected override Value Compute(RenderContext context)
    {
        var left = first.Evaluate(context);
        foreach (var (sign, operand) in rest)
        {
            var right = operand.Evaluate(context);
            if (!Holds(context, sign, left, right)) return BoolValue.False;
            left = right;
        }
        return BoolValue.True;
    }

    private static bool Holds(RenderContext context, string sign, Value left, Value right) => sign switch
    {
        "==" => Comparison.AreEqual(context, left, right),
        "!=" => !Comparison.AreEqual(context, left, right),
        "<" => Comparison.Compare(context, left, right, sign) < 0,
        "<=" => Comparison.Compare(context, left, right, sign) <= 0,
        ">" => Comparison.Compare(context, left, right, sign) > 0,
        ">=" => Comparison.Compare(context, left, right, sign) >= 0,
        "in" => Comparison.Contains(context, right, left),
        _ => !Comparison.Contains(context, right, left),
    };
}
