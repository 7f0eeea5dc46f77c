using Octavo.Core.Templates.Library;
using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Syntax.Expressions;

/// <summary>What stands behind a value and makes another of it.</summary>
internal abstract class Postfix(int line)
{
    public int Line => line;

    public abstract Value Apply(RenderContext context, Value target);
}

/// <summary>A value with all that stands behind it, such as <c>a.b[c](d) | e</c>: one node, however long.</summary>
internal sealed class PostfixExpression(int line, Expression target, Postfix[] parts) : Expression(line)
{
    public Postfix Last => parts[^1];

    protected override Value Compute(RenderContext context) => Compute(context, parts.Length);

    /// <summary>The value without what stands last.</summary>
    public Value ComputeAllButLast(RenderContext context) => Compute(context, parts.Length - 1);

    private Value Compute(RenderContext context, int count)
    {
        var value = target.Evaluate(context);
        for (var i = 0; i < count; i++)
        {
            var outer = context.Enter(parts[i].Line);
            value = parts[i].Apply(context, value);
            context.Leave(outer);
        }
        return value;
    }
}

/// <summary><c>.name</c></summary>
internal sealed class AttributePostfix(int line, string name) : Postfix(line)
{
    public override Value Apply(RenderContext context, Value target) => target.GetAttribute(context, name);
}

/// <summary><c>[key]</c></summary>
internal sealed class ItemPostfix(int line, Expression key) : Postfix(line)
{
    public override Value Apply(RenderContext context, Value target) => target.GetItem(context, key.Evaluate(context));
}

/// <summary><c>[start:stop:step]</c></summary>
internal sealed class SlicePostfix(int line, Expression? start, Expression? stop, Expression? step) : Postfix(line)
{
    public override Value Apply(RenderContext context, Value target) =>
        target.GetSlice(context, start?.Evaluate(context), stop?.Evaluate(context), step?.Evaluate(context));
}

/// <summary><c>(arguments)</c></summary>
internal sealed class CallPostfix(int line, ArgumentList arguments) : Postfix(line)
{
    public override Value Apply(RenderContext context, Value target) => target.Call(context, arguments.Evaluate(context));

    /// <summary>The call of a call block, which hands its body over under the name <c>caller</c>.</summary>
    public Value Apply(RenderContext context, Value target, Value caller) => target.Call(context, arguments.Evaluate(context, caller));
}

/// <summary><c>| filter(arguments)</c></summary>
internal sealed class FilterPostfix(int line, TemplateFilter filter, ArgumentList arguments) : Postfix(line)
{
    public override Value Apply(RenderContext context, Value target) => filter(context, target, arguments.Evaluate(context));
}

/// <summary><c>is test</c> or <c>is not test</c></summary>
internal sealed class TestPostfix(int line, TemplateTest test, ArgumentList arguments, bool isNegated) : Postfix(line)
{
    public override Value Apply(RenderContext context, Value target) =>
        BoolValue.Of(test(context, target, arguments.Evaluate(context)) != isNegated);
}
