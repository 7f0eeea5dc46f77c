using Octavo.Core.Templates.Syntax.Expressions;
using Octavo.Core.Templates.Syntax.Statements;

namespace Octavo.Core.Templates.Syntax;

/// <content>Statements: what stands between <c>{%</c> and <c>%}</c>.</content>
internal sealed partial class TemplateParser
{
    private const string Tags = "break, call, continue, filter, for, generation, if, macro, print, raw, set, with";

    /// <summary>Statements up to one of the tags that end them, which stays the current token.</summary>
    private Statement[] ParseBody(string block, int blockLine, params string[] ends)
    {
        Descend(blockLine);
        var body = new List<Statement>();
        while (true)
        {
            var token = _tokens.Take();
            switch (token.Kind)
            {
                case TokenKind.Text:
                    body.Add(new TextStatement(token.Line, token.Text));
                    break;
                case TokenKind.OutputStart:
                    body.Add(new OutputStatement(token.Line, ParseTuple()));
                    _tokens.Take(TokenKind.OutputEnd, "'}}'");
                    break;
                case TokenKind.BlockStart when _tokens.Current.Kind == TokenKind.Name && Array.IndexOf(ends, _tokens.Current.Text) >= 0:
                    Ascend();
                    return [.. body];
                case TokenKind.BlockStart:
                    ParseStatement(body, block, blockLine);
                    _tokens.Take(TokenKind.BlockEnd, "'%}'");
                    break;
                case TokenKind.End when ends.Length == 0:
                    Ascend();
                    return [.. body];
                default:
                    throw TemplateSyntax.Error(token.Line, $"the block '{block}' of line {blockLine} has no end; '{ends[^1]}' is expected");
            }
        }
    }

    private void ParseStatement(List<Statement> body, string block, int blockLine)
    {
        var tag = _tokens.Take(TokenKind.Name, "the name of a tag");
        switch (tag.Text)
        {
            case "for": body.Add(ParseFor(tag.Line)); break;
            case "if": body.Add(ParseIf(tag.Line)); break;
            case "set": body.Add(ParseSet(tag.Line)); break;
            case "macro": body.Add(ParseMacro(tag.Line)); break;
            case "call": body.Add(ParseCallBlock(tag.Line)); break;
            case "filter": body.Add(new FilterBlockStatement(tag.Line, ParseFilters(), ParseInner("filter", tag.Line))); break;
            case "with": body.Add(ParseWith(tag.Line)); break;
            case "generation": body.Add(ParseGeneration(tag.Line)); break;
            case "break" or "continue": body.Add(ParseJump(tag)); break;
            case "print": ParsePrint(body); break;
            default: throw WrongTag(tag, block, blockLine);
        }
    }

    private static OctavoException WrongTag(Token tag, string block, int blockLine)
    {
        if (!tag.Text.StartsWith("end", StringComparison.Ordinal) && tag.Text is not ("else" or "elif"))
            return TemplateSyntax.Unsupported(tag.Line, $"the tag '{tag.Text}'; tags are {Tags}");
        return TemplateSyntax.Error(tag.Line, block.Length == 0
            ? $"'{tag.Text}' ends a block that was not begun"
            : $"'{tag.Text}' stands where the end of the block '{block}' of line {blockLine} is expected");
    }

    /// <summary>The body of a block that ends with its own end tag, which is taken.</summary>
    private Statement[] ParseInner(string block, int line)
    {
        OpenBody();
        var body = ParseBody(block, line, "end" + block);
        _tokens.Take();
        return body;
    }

    // The end of an opening tag; the reference allows a colon before it.
    private void OpenBody()
    {
        _tokens.TakeIfOperator(":");
        _tokens.Take(TokenKind.BlockEnd, "'%}'");
    }

    private ForStatement ParseFor(int line)
    {
        var target = ParseTarget(mayBeNamespace: false, isLoop: true);
        _tokens.TakeName("in");
        var items = ParseTuple(withCondition: false);
        var test = _tokens.TakeIfName("if") ? ParseExpression() : null;
        var isRecursive = _tokens.TakeIfName("recursive");
        OpenBody();
        _loops++;
        var body = ParseBody("for", line, "else", "endfor");
        _loops--;
        var otherwise = _tokens.Take().Text == "else" ? ParseInner("for", line) : [];
        return new ForStatement(line, target, items, test, isRecursive) { Body = body, Otherwise = otherwise };
    }

    private IfStatement ParseIf(int line)
    {
        var branches = new List<(Expression, Statement[])>();
        while (true)
        {
            var test = ParseTuple(withCondition: false);
            OpenBody();
            branches.Add((test, ParseBody("if", line, "elif", "else", "endif")));
            var end = _tokens.Take().Text;
            if (end == "elif") continue;
            return new IfStatement(line, [.. branches], end == "else" ? ParseInner("if", line) : []);
        }
    }

    private Statement ParseSet(int line)
    {
        var target = ParseTarget(mayBeNamespace: true, isLoop: false);
        if (_tokens.TakeIfOperator("=")) return new SetStatement(line, target, ParseTuple());
        var filters = _tokens.TakeIfOperator("|") ? ParseFilters() : [];
        return new SetBlockStatement(line, target, filters, ParseInner("set", line));
    }

    private WithStatement ParseWith(int line)
    {
        var pairs = new List<(Target, Expression)>();
        while (_tokens.Current.Kind != TokenKind.BlockEnd)
        {
            if (pairs.Count > 0) _tokens.TakeOperator(",");
            var target = ParseTarget(mayBeNamespace: false, isLoop: false);
            _tokens.TakeOperator("=");
            pairs.Add((target, ParseExpression()));
        }
        return new WithStatement(line, [.. pairs], ParseInner("with", line));
    }

    // The body is a call of its own in the reference, so it cannot leave a loop that lies around it.
    private GenerationStatement ParseGeneration(int line)
    {
        var loops = _loops;
        _loops = 0;
        var body = ParseInner("generation", line);
        _loops = loops;
        return new GenerationStatement(line, body);
    }

    private JumpStatement ParseJump(Token tag)
    {
        if (_loops == 0) throw TemplateSyntax.Error(tag.Line, $"'{tag.Text}' stands outside of a loop");
        return new JumpStatement(tag.Line, tag.Text == "break" ? Flow.Break : Flow.Continue);
    }

    private void ParsePrint(List<Statement> body)
    {
        if (_tokens.Current.Kind == TokenKind.BlockEnd) return;
        do body.Add(new OutputStatement(_tokens.Current.Line, ParseExpression()));
        while (_tokens.TakeIfOperator(","));
    }

    /// <summary>Names that values are assigned to, with commas between them.</summary>
    private Target ParseTarget(bool mayBeNamespace, bool isLoop)
    {
        Descend(_tokens.Current.Line);
        var targets = new List<Target>();
        var isTuple = false;
        while (!AtTupleEnd())
        {
            targets.Add(ParseOneTarget(mayBeNamespace, isLoop));
            if (!_tokens.TakeIfOperator(",")) break;
            isTuple = true;
        }
        Ascend();
        if (targets.Count == 0) throw _tokens.Unexpected("a name");
        return isTuple ? new TupleTarget([.. targets]) : targets[0];
    }

    private Target ParseOneTarget(bool mayBeNamespace, bool isLoop)
    {
        if (_tokens.TakeIfOperator("("))
        {
            var inner = ParseTarget(mayBeNamespace: false, isLoop: false);
            _tokens.TakeOperator(")");
            return inner;
        }
        var name = TakeAssignable("a name");
        if (mayBeNamespace && _tokens.TakeIfOperator("."))
            return new NamespaceTarget(name.Text, _tokens.Take(TokenKind.Name, "the name of an attribute").Text);
        if (name.Text == "loop" && (isLoop || _loops > 0))
            throw TemplateSyntax.Error(name.Line, "nothing can be assigned to 'loop' in a loop");
        return new NameTarget(name.Text);
    }

    private Token TakeAssignable(string what)
    {
        var name = _tokens.Take(TokenKind.Name, what);
        return name.Text is "true" or "false" or "none" or "True" or "False" or "None"
            ? throw TemplateSyntax.Error(name.Line, $"nothing can be assigned to '{name.Text}'")
            : name;
    }
}
