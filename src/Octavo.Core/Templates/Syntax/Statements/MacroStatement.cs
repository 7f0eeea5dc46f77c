using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Syntax.Expressions;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Syntax.Statements;

/// <summary>A parameter of a macro; without a default it may stay undefined.</summary>
internal readonly record struct Parameter(string Name, Expression? Default);

/// <summary>What a macro is made of, be it named or the body of a call block.</summary>
internal sealed class MacroDefinition(string? name, Parameter[] parameters)
{
    public string? Name => name;

    public Parameter[] Parameters => parameters;

    public required Statement[] Body { get; init; }

    /// <summary>True when the body speaks of <c>caller</c>, so that a call block may call the macro.</summary>
    public required bool UsesCaller { get; init; }

    /// <summary>True when the body speaks of <c>varargs</c>, so that more arguments than parameters may come.</summary>
    public required bool UsesVarargs { get; init; }

    /// <summary>True when the body speaks of <c>kwargs</c>, so that arguments of other names may come.</summary>
    public required bool UsesKwargs { get; init; }
}

/// <summary><c>{% macro name(parameters) %}…{% endmacro %}</c></summary>
internal sealed class MacroStatement(int line, MacroDefinition definition) : Statement(line)
{
    protected override Flow Run(RenderContext context)
    {
        context.Scope.Set(definition.Name!, new MacroValue(definition, context.Scope));
        return Flow.Next;
    }
}

/// <summary><c>{% call(parameters) macro(arguments) %}…{% endcall %}</c></summary>
internal sealed class CallBlockStatement(int line, MacroDefinition body, PostfixExpression call) : Statement(line)
{
    protected override Flow Run(RenderContext context)
    {
        var caller = new MacroValue(body, context.Scope);
        var target = call.ComputeAllButLast(context);
        context.Output.AppendText(((CallPostfix)call.Last).Apply(context, target, caller));
        return Flow.Next;
    }
}
