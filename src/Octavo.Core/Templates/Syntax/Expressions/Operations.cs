using Octavo.Core.Templates.Library;
using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Syntax.Expressions;

/// <summary><c>a + b - c</c>: operators of one rank, from the left. One node for a chain, however long, keeps evaluation flat.</summary>
internal sealed class ArithmeticExpression(int line, Expression first, Comparand[] rest) : Expression(line)
{
    protected override Value Compute(RenderContext context)
    {
        var value = first.Evaluate(context);
        List<string>? run = null;
        foreach (var (sign, operand) in rest)
        {
            var right = operand.Evaluate(context);
            // Texts that are added up are joined once, at the end of their run, instead of copied at each step.
            if (sign == "+" && value is StringValue { IsSafe: false } left && right is StringValue { IsSafe: false } added)
            {
                run ??= [left.Text];
                run.Add(added.Text);
                value = added;
                continue;
            }
            value = Arithmetic.Apply(context, sign, Joined(context, ref run) ?? value, right);
        }
        return Joined(context, ref run) ?? value;
    }

    private static StringValue? Joined(RenderContext context, ref List<string>? run)
    {
        if (run is null) return null;
        var joined = new StringValue(Arithmetic.Concat(context, [.. run]));
        run = null;
        return joined;
    }
}

/// <summary><c>a ~ b</c>: the operands as texts, one behind the other.</summary>
internal sealed class ConcatExpression(int line, Expression[] operands) : Expression(line)
{
    protected override Value Compute(RenderContext context)
    {
        var pieces = Array.ConvertAll(operands, operand => context.Text(operand.Evaluate(context)));
        return new StringValue(Arithmetic.Concat(context, pieces));
    }
}

/// <summary><c>-a</c> or <c>+a</c></summary>
internal sealed class SignExpression(int line, bool isMinus, Expression operand) : Expression(line)
{
    protected override Value Compute(RenderContext context)
    {
        var value = operand.Evaluate(context);
        return isMinus ? Arithmetic.Negate(context, value) : Arithmetic.Plus(context, value);
    }
}
