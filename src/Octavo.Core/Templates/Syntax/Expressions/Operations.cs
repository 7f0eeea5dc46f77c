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
        foreach (var (sign, operand) in rest) value = Arithmetic.Apply(context, sign, value, operand.Evaluate(context));
        return value;
    }
}

/// <summary><c>a ~ b</c>: the operands as texts, one behind the other.</summary>
internal sealed class ConcatExpression(int line, Expression[] operands) : Expression(line)
{
    protected override Value Compute(RenderContext context)
    {
        var joined = new TextBuilder(context);
        foreach (var operand in operands) joined.AppendText(operand.Evaluate(context));
        return new StringValue(joined.ToString());
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
