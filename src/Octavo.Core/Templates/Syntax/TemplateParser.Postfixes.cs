using Octavo.Core.Templates.Library;
using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Syntax.Expressions;

namespace Octavo.Core.Templates.Syntax;

/// <content>What stands behind a value: attributes, items, calls, filters and tests.</content>
internal sealed partial class TemplateParser
{
    private void ParsePostfixes(List<Postfix> parts)
    {
        while (true)
        {
            var token = _tokens.Current;
            if (token.IsOperator(".")) parts.Add(ParseAttribute());
            else if (token.IsOperator("[")) parts.Add(ParseSubscript());
            else if (token.IsOperator("(")) parts.Add(new CallPostfix(token.Line, ParseArguments()));
            else return;
        }
    }

    private void ParseFiltersAndTests(List<Postfix> parts)
    {
        while (true)
        {
            var token = _tokens.Current;
            if (token.IsOperator("|"))
            {
                _tokens.Take();
                parts.Add(ParseFilter());
            }
            else if (token.IsName("is")) parts.Add(ParseTest());
            else if (token.IsOperator("(")) parts.Add(new CallPostfix(token.Line, ParseArguments()));
            else return;
        }
    }

    private Postfix ParseAttribute()
    {
        var line = _tokens.TakeOperator(".").Line;
        if (_tokens.Current.Kind == TokenKind.Integer)
            return new ItemPostfix(line, new ConstantExpression(line, ReadInteger(_tokens.Take())));
        return new AttributePostfix(line, _tokens.Take(TokenKind.Name, "a name or a number").Text);
    }

    private Postfix ParseSubscript()
    {
        var line = _tokens.TakeOperator("[").Line;
        var start = _tokens.Current.IsOperator(":") ? null : ParseExpression();
        if (_tokens.Current.IsOperator(":"))
        {
            var slice = ParseSlice(line, start);
            _tokens.TakeOperator("]");
            return slice;
        }
        var keys = new List<Expression> { start! };
        while (_tokens.TakeIfOperator(",") && !_tokens.Current.IsOperator("]")) keys.Add(ParseExpression());
        _tokens.TakeOperator("]");
        return new ItemPostfix(line, keys.Count == 1 ? start! : new TupleExpression(line, [.. keys]));
    }

    private SlicePostfix ParseSlice(int line, Expression? start)
    {
        _tokens.TakeOperator(":");
        var stop = _tokens.Current.IsOperator(":") || _tokens.Current.IsOperator("]") ? null : ParseExpression();
        var step = _tokens.TakeIfOperator(":") && !_tokens.Current.IsOperator("]") ? ParseExpression() : null;
        return new SlicePostfix(line, start, stop, step);
    }

    private FilterPostfix ParseFilter()
    {
        var (name, line) = ParseDottedName("the name of a filter");
        var filter = FilterTable.Find(name)
            ?? throw TemplateSyntax.Unsupported(line, $"the filter '{name}'; filters are {FilterTable.Names}");
        return new FilterPostfix(line, filter, _tokens.Current.IsOperator("(") ? ParseArguments() : ArgumentList.Empty);
    }

    /// <summary>The filters of a block: the first one, and those behind it.</summary>
    private Postfix[] ParseFilters()
    {
        var filters = new List<Postfix> { ParseFilter() };
        while (_tokens.TakeIfOperator("|")) filters.Add(ParseFilter());
        return [.. filters];
    }

    private TestPostfix ParseTest()
    {
        _tokens.TakeName("is");
        var isNegated = _tokens.TakeIfName("not");
        var (name, line) = ParseDottedName("the name of a test");
        var test = TestTable.Find(name) ?? throw TemplateSyntax.Unsupported(line, $"the test '{name}'; tests are {TestTable.Names}");
        return new TestPostfix(line, test, ParseTestArguments(), isNegated);
    }

    // One argument may come without parentheses: `is divisibleby 3`, `is in [1, 2]`.
    private ArgumentList ParseTestArguments()
    {
        var token = _tokens.Current;
        if (token.IsOperator("(")) return ParseArguments();
        var isArgument = token.Kind is TokenKind.String or TokenKind.Integer or TokenKind.Float
            || token.IsOperator("[") || token.IsOperator("{")
            || (token.Kind == TokenKind.Name && token.Text is not ("else" or "or" or "and"));
        if (!isArgument) return ArgumentList.Empty;
        if (token.IsName("is")) throw TemplateSyntax.Error(token.Line, "a test stands directly behind a test; put 'and' between them");
        Descend(token.Line);
        var argument = ParsePrimary();
        var parts = new List<Postfix>();
        ParsePostfixes(parts);
        Ascend();
        return new ArgumentList([parts.Count == 0 ? argument : new PostfixExpression(token.Line, argument, [.. parts])], [], null, null);
    }

    private (string Name, int Line) ParseDottedName(string what)
    {
        var token = _tokens.Take(TokenKind.Name, what);
        var name = token.Text;
        while (name.Length <= TemplateLimits.NameLength && _tokens.TakeIfOperator(".")) name += "." + _tokens.Take(TokenKind.Name, what).Text;
        return (name, token.Line);
    }

    private ArgumentList ParseArguments()
    {
        var line = _tokens.TakeOperator("(").Line;
        var positional = new List<Expression>();
        var named = new List<(string, Expression)>();
        Expression? list = null;
        Expression? mapping = null;
        while (!_tokens.Current.IsOperator(")"))
        {
            if (mapping is not null) throw TemplateSyntax.Error(line, "an argument stands behind '**'");
            if (_tokens.TakeIfOperator("**")) mapping = ParseExpression();
            else if (_tokens.Current.IsOperator("*"))
            {
                if (list is not null) throw TemplateSyntax.Error(line, "a call has '*' twice");
                _tokens.Take();
                list = ParseExpression();
            }
            else if (_tokens.Current.Kind == TokenKind.Name && _tokens.Ahead.IsOperator("=")) named.Add(ParseNamed(named.Count));
            else if (named.Count > 0 || list is not null)
                throw TemplateSyntax.Error(line, "an argument without a name stands behind one with a name");
            else positional.Add(ParseExpression());
            if (!_tokens.TakeIfOperator(",")) break;
        }
        _tokens.TakeOperator(")");
        return new ArgumentList([.. positional], [.. named], list, mapping);
    }

    private (string, Expression) ParseNamed(int count)
    {
        var name = _tokens.Take();
        if (count >= TemplateLimits.Arguments)
            throw TemplateSyntax.Error(name.Line, $"a call has more than {TemplateLimits.Arguments} named arguments");
        _tokens.TakeOperator("=");
        return (name.Text, ParseExpression());
    }
}
