using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Syntax.Expressions;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Syntax.Statements;

/// <summary><c>{% set a = b %}</c></summary>
internal sealed class SetStatement(int line, Target target, Expression value) : Statement(line)
{
    protected override Flow Run(RenderContext context)
    {
        target.Assign(context, context.Scope, value.Evaluate(context));
        return Flow.Next;
    }
}

/// <summary><c>{% set a | filter %}…{% endset %}</c>: the text of the body.</summary>
internal sealed class SetBlockStatement(int line, Target target, Postfix[] filters, Statement[] body) : Statement(line)
{
    protected override Flow Run(RenderContext context)
    {
        Value value = new StringValue(Capture(context, body, new Scope(context.Scope), out var flow));
        if (flow != Flow.Next) return flow;
        foreach (var filter in filters) value = filter.Apply(context, value);
        target.Assign(context, context.Scope, value);
        return Flow.Next;
    }
}

/// <summary><c>{% filter name %}…{% endfilter %}</c></summary>
internal sealed class FilterBlockStatement(int line, Postfix[] filters, Statement[] body) : Statement(line)
{
    protected override Flow Run(RenderContext context)
    {
        Value value = new StringValue(Capture(context, body, new Scope(context.Scope), out var flow));
        if (flow != Flow.Next) return flow;
        foreach (var filter in filters) value = filter.Apply(context, value);
        context.Output.AppendText(value);
        return Flow.Next;
    }
}
