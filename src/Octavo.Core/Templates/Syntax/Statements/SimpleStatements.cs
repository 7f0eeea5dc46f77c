using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Syntax.Expressions;

namespace Octavo.Core.Templates.Syntax.Statements;

/// <summary>Text between tags.</summary>
internal sealed class TextStatement(int line, string text) : Statement(line)
{
    protected override Flow Run(RenderContext context)
    {
        context.Output.Append(text);
        return Flow.Next;
    }
}

/// <summary><c>{{ value }}</c></summary>
internal sealed class OutputStatement(int line, Expression value) : Statement(line)
{
    protected override Flow Run(RenderContext context)
    {
        context.Output.AppendText(value.Evaluate(context));
        return Flow.Next;
    }
}

/// <summary><c>{% if %}</c> with all its <c>elif</c> and its <c>else</c></summary>
internal sealed class IfStatement(int line, (Expression Test, Statement[] Body)[] branches, Statement[] otherwise) : Statement(line)
{
    protected override Flow Run(RenderContext context)
    {
        foreach (var (test, body) in branches)
        {
            if (test.Evaluate(context).IsTrue) return ExecuteAll(context, body);
        }
        return ExecuteAll(context, otherwise);
    }
}

/// <summary><c>{% break %}</c> or <c>{% continue %}</c></summary>
internal sealed class JumpStatement(int line, Flow flow) : Statement(line)
{
    protected override Flow Run(RenderContext context) => flow;
}

/// <summary><c>{% with a = b %}</c>: the values are read before any of the names is set.</summary>
internal sealed class WithStatement(int line, (Target Target, Expression Value)[] pairs, Statement[] body) : Statement(line)
{
    protected override Flow Run(RenderContext context)
    {
        var values = Array.ConvertAll(pairs, pair => pair.Value.Evaluate(context));
        var scope = new Scope(context.Scope);
        for (var i = 0; i < pairs.Length; i++) pairs[i].Target.Assign(context, scope, values[i]);
        return ExecuteScoped(context, body, scope);
    }
}
