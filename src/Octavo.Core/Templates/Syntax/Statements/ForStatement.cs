using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Syntax.Expressions;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Syntax.Statements;

/// <summary><c>{% for target in items if test %}…{% else %}…{% endfor %}</c></summary>
internal sealed class ForStatement(int line, Target target, Expression items, Expression? test, bool isRecursive) : Statement(line)
{
    public required Statement[] Body { get; init; }

    public required Statement[] Otherwise { get; init; }

    protected override Flow Run(RenderContext context)
    {
        var value = items.Evaluate(context);
        if (!isRecursive) return Loop(context, value, 0, null);
        var scope = context.Scope;
        context.Output.AppendText(Recurse(context, value, 0));
        return Flow.Next;

        Value Recurse(RenderContext inner, Value innerItems, int depth)
        {
            inner.EnterCall();
            var (outerScope, outerOutput) = (inner.Scope, inner.Output);
            (inner.Scope, inner.Output) = (scope, new TextBuilder(inner));
            Loop(inner, innerItems, depth, Recurse);
            var text = inner.Output.ToString();
            (inner.Scope, inner.Output) = (outerScope, outerOutput);
            inner.LeaveCall();
            return new StringValue(text);
        }
    }

    private Flow Loop(RenderContext context, Value value, int depth, Func<RenderContext, Value, int, Value>? recurse)
    {
        var source = value.RequireItems(context);
        var around = context.Scope;
        var loop = test is null
            ? new LoopValue(source.GetEnumerator(), value.Length(context), depth, recurse)
            : new LoopValue(Chosen(context, source, around).GetEnumerator(), null, depth, recurse);
        // The reference runs `else` unless the body came to its end once: a loop that only continues runs it too.
        var completed = false;
        while (loop.MoveNext())
        {
            context.Charge(1);
            var scope = new Scope(around);
            scope.Set("loop", loop);
            target.Assign(context, scope, loop.Current);
            var flow = ExecuteScoped(context, Body, scope);
            if (flow == Flow.Break) break;
            completed |= flow == Flow.Next;
        }
        return completed ? Flow.Next : ExecuteScoped(context, Otherwise, new Scope(around));
    }

    // Runs as the loop asks for items, so a test sees what the body has done; it sees the loop's names but not `loop`.
    private IEnumerable<Value> Chosen(RenderContext context, IEnumerable<Value> source, Scope around)
    {
        foreach (var item in source)
        {
            context.Charge(1);
            var outer = context.Scope;
            context.Scope = new Scope(around);
            target.Assign(context, context.Scope, item);
            var isChosen = test!.Evaluate(context).IsTrue;
            context.Scope = outer;
            if (isChosen) yield return item;
        }
    }
}
