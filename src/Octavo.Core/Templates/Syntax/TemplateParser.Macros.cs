using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Syntax.Expressions;
using Octavo.Core.Templates.Syntax.Statements;

namespace Octavo.Core.Templates.Syntax;

/// <content>Macros and call blocks.</content>
internal sealed partial class TemplateParser
{
    private MacroStatement ParseMacro(int line)
    {
        var name = TakeAssignable("the name of a macro").Text;
        return new MacroStatement(line, ParseDefinition(name, "macro", ParseParameters(), line));
    }

    private CallBlockStatement ParseCallBlock(int line)
    {
        var parameters = _tokens.Current.IsOperator("(") ? ParseParameters() : [];
        if (ParseExpression() is not PostfixExpression { Last: CallPostfix } call)
            throw TemplateSyntax.Error(line, "a call block needs a call, such as 'macro()'");
        return new CallBlockStatement(line, ParseDefinition(null, "call", parameters, line), call);
    }

    private Parameter[] ParseParameters()
    {
        var line = _tokens.TakeOperator("(").Line;
        var parameters = new List<Parameter>();
        while (!_tokens.Current.IsOperator(")"))
        {
            if (parameters.Count > 0) _tokens.TakeOperator(",");
            if (parameters.Count >= TemplateLimits.Arguments)
                throw TemplateSyntax.Error(line, $"a macro has more than {TemplateLimits.Arguments} parameters");
            var name = TakeAssignable("the name of a parameter");
            var value = _tokens.TakeIfOperator("=") ? ParseExpression() : null;
            if (value is null && parameters is [.., { Default: not null }])
                throw TemplateSyntax.Error(name.Line, $"the parameter '{name.Text}' without a default stands behind one that has one");
            parameters.Add(new Parameter(name.Text, value));
        }
        _tokens.TakeOperator(")");
        return [.. parameters];
    }

    private MacroDefinition ParseDefinition(string? name, string block, Parameter[] parameters, int line)
    {
        var use = new MacroUse();
        _macros.Add(use);
        var loops = _loops;
        _loops = 0;
        var body = ParseInner(block, line);
        _loops = loops;
        _macros.Remove(use);
        if (use.Caller && Array.Exists(parameters, parameter => parameter is { Name: "caller", Default: null }))
            throw TemplateSyntax.Error(line, "the parameter 'caller' of a macro must have a default, or be left out");
        return new MacroDefinition(name, parameters)
        {
            Body = body,
            UsesCaller = use.Caller,
            UsesVarargs = use.Varargs && !Array.Exists(parameters, parameter => parameter.Name == "varargs"),
            UsesKwargs = use.Kwargs && !Array.Exists(parameters, parameter => parameter.Name == "kwargs"),
        };
    }
}
