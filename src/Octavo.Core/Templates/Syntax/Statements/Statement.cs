using Octavo.Core.Templates.Runtime;

namespace Octavo.Core.Templates.Syntax.Statements;

/// <summary>How a statement ends.</summary>
internal enum Flow
{
    /// <summary>The next one follows.</summary>
    Next,

    /// <summary>The loop around it goes on with its next item.</summary>
    Continue,

    /// <summary>The loop around it ends.</summary>
    Break,
}

/// <summary>A node that does something.</summary>
internal abstract class Statement(int line)
{
    public Flow Execute(RenderContext context)
    {
        var outer = context.Enter(line);
        var flow = Run(context);
        context.Leave(outer);
        return flow;
    }

    /// <summary>Executes statements until one of them leaves the loop around them.</summary>
    public static Flow ExecuteAll(RenderContext context, Statement[] body)
    {
        foreach (var statement in body)
        {
            var flow = statement.Execute(context);
            if (flow != Flow.Next) return flow;
        }
        return Flow.Next;
    }

    /// <summary>Executes statements in a scope of their own.</summary>
    public static Flow ExecuteScoped(RenderContext context, Statement[] body, Scope scope)
    {
        var outer = context.Scope;
        context.Scope = scope;
        var flow = ExecuteAll(context, body);
        context.Scope = outer;
        return flow;
    }

    /// <summary>Executes statements in a scope of their own and gives their text instead of writing it.</summary>
    public static string Capture(RenderContext context, Statement[] body, Scope scope, out Flow flow)
    {
        var outer = context.Output;
        context.Output = new TextBuilder(context);
        flow = ExecuteScoped(context, body, scope);
        var text = context.Output.ToString();
        context.Output = outer;
        return text;
    }

    protected abstract Flow Run(RenderContext context);
}
