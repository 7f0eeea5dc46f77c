using Octavo.Core.Templates.Runtime;

namespace Octavo.Core.Templates.Syntax.Statements;

/// <summary><c>{% generation %}…{% endgeneration %}</c>: what the assistant says, which training learns from.</summary>
internal sealed class GenerationStatement(int line, Statement[] body) : Statement(line)
{
    protected override Flow Run(RenderContext context)
    {
        if (context.Spans is null) return ExecuteScoped(context, body, new Scope(context.Scope));
        if (!context.Output.IsOutput)
            throw context.Unsupported("a generation block inside a macro, a set block or another block whose place in the text is not known");
        if (context.IsGenerating) throw context.Unsupported("a generation block inside a generation block");
        context.IsGenerating = true;
        var start = context.Output.Length;
        var flow = ExecuteScoped(context, body, new Scope(context.Scope));
        context.Spans.Add(new GenerationSpan(start, context.Output.Length));
        context.IsGenerating = false;
        return flow;
    }
}
