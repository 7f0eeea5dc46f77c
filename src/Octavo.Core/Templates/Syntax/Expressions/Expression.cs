using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Syntax.Expressions;

/// <summary>A node that has a value.</summary>
internal abstract class Expression(int line)
{
    public Value Evaluate(RenderContext context)
    {
        var outer = context.Enter(line);
        var value = Compute(context);
        context.Leave(outer);
        return value;
    }

    protected abstract Value Compute(RenderContext context);
}
