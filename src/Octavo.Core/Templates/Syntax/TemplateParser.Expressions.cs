using System.Globalization;
using Octavo.Core.Templates.Library;
using Octavo.Core.Templates.Syntax.Expressions;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Syntax;

/// <content>Expressions, from the operators that bind least to those that bind most.</content>
internal sealed partial class TemplateParser
{
    private Expression ParseExpression(bool withCondition = true)
    {
        Descend(_tokens.Current.Line);
        var expression = withCondition ? ParseCondition() : ParseOr();
        Ascend();
        return expression;
    }

    /// <summary>One expression, or a tuple of several with commas between them.</summary>
    private Expression ParseTuple(bool withCondition = true, bool mayBeEmpty = false)
    {
        var line = _tokens.Current.Line;
        var items = new List<Expression>();
        var isTuple = false;
        while (!AtTupleEnd())
        {
            items.Add(ParseExpression(withCondition));
            if (!_tokens.TakeIfOperator(",")) break;
            isTuple = true;
        }
        if (!isTuple && items.Count == 1) return items[0];
        if (!isTuple && !mayBeEmpty) throw _tokens.Unexpected("an expression");
        return new TupleExpression(line, [.. items]);
    }

    private bool AtTupleEnd() =>
        _tokens.Current.Kind is TokenKind.OutputEnd or TokenKind.BlockEnd || _tokens.Current.IsOperator(")");

    private Expression ParseCondition()
    {
        var line = _tokens.Current.Line;
        var value = ParseOr();
        var outerDepth = _depth;
        while (_tokens.TakeIfName("if"))
        {
            // A chain without `else` nests on its left side; that counts like any other nesting.
            Descend(line);
            var test = ParseOr();
            var otherwise = _tokens.TakeIfName("else") ? ParseExpression() : null;
            value = new ConditionalExpression(line, test, value, otherwise);
        }
        _depth = outerDepth;
        return value;
    }

    private Expression ParseOr() => ParseLogic("or", isOr: true, ParseAnd);

    private Expression ParseAnd() => ParseLogic("and", isOr: false, ParseNot);

    private Expression ParseLogic(string word, bool isOr, Func<Expression> parseOperand)
    {
        var line = _tokens.Current.Line;
        var first = parseOperand();
        if (!_tokens.Current.IsName(word)) return first;
        var operands = new List<Expression> { first };
        while (_tokens.TakeIfName(word)) operands.Add(parseOperand());
        return new LogicalExpression(line, isOr, [.. operands]);
    }

    private Expression ParseNot()
    {
        if (!_tokens.Current.IsName("not")) return ParseCompare();
        var line = _tokens.Take().Line;
        Descend(line);
        var operand = ParseNot();
        Ascend();
        return new NotExpression(line, operand);
    }

    private Expression ParseCompare()
    {
        var line = _tokens.Current.Line;
        var first = ParseSum();
        List<Comparand>? rest = null;
        while (TakeComparison() is { } sign) (rest ??= []).Add(new Comparand(sign, ParseSum()));
        return rest is null ? first : new CompareExpression(line, first, [.. rest]);
    }

    private string? TakeComparison()
    {
        if (_tokens.Current is { Kind: TokenKind.Operator, Text: "==" or "!=" or "<" or "<=" or ">" or ">=" }) return _tokens.Take().Text;
        if (_tokens.TakeIfName("in")) return "in";
        if (!_tokens.Current.IsName("not") || !_tokens.Ahead.IsName("in")) return null;
        _tokens.Take();
        _tokens.Take();
        return "not in";
    }

    private Expression ParseSum() => ParseChain(ParseConcat, static sign => sign is "+" or "-");

    private Expression ParseConcat()
    {
        var line = _tokens.Current.Line;
        var first = ParseProduct();
        if (!_tokens.Current.IsOperator("~")) return first;
        var operands = new List<Expression> { first };
        while (_tokens.TakeIfOperator("~")) operands.Add(ParseProduct());
        return new ConcatExpression(line, [.. operands]);
    }

    private Expression ParseProduct() => ParseChain(ParsePower, static sign => sign is "*" or "/" or "//" or "%");

    // Unlike Python's, the template language's powers chain from the left.
    private Expression ParsePower() => ParseChain(() => ParseUnary(withFilters: true), static sign => sign == "**");

    private Expression ParseChain(Func<Expression> parseOperand, Func<string, bool> isSign)
    {
        var line = _tokens.Current.Line;
        var first = parseOperand();
        List<Comparand>? rest = null;
        while (_tokens.Current.Kind == TokenKind.Operator && isSign(_tokens.Current.Text))
        {
            var sign = _tokens.Take().Text;
            (rest ??= []).Add(new Comparand(sign, parseOperand()));
        }
        return rest is null ? first : new ArithmeticExpression(line, first, [.. rest]);
    }

    private Expression ParseUnary(bool withFilters)
    {
        var line = _tokens.Current.Line;
        Expression target;
        if (_tokens.Current.IsOperator("-") || _tokens.Current.IsOperator("+"))
        {
            var isMinus = _tokens.Take().Text == "-";
            Descend(line);
            target = new SignExpression(line, isMinus, ParseUnary(withFilters: false));
            Ascend();
        }
        else target = ParsePrimary();
        var parts = new List<Postfix>();
        ParsePostfixes(parts);
        if (withFilters) ParseFiltersAndTests(parts);
        return parts.Count == 0 ? target : new PostfixExpression(line, target, [.. parts]);
    }

    private Expression ParsePrimary()
    {
        var token = _tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                _tokens.Take();
                return ParseName(token);
            case TokenKind.String:
                return new ConstantExpression(token.Line, new StringValue(TakeStrings()));
            case TokenKind.Integer:
                _tokens.Take();
                return new ConstantExpression(token.Line, ReadInteger(token));
            case TokenKind.Float:
                _tokens.Take();
                return new ConstantExpression(token.Line, new FloatValue(double.Parse(token.Text, CultureInfo.InvariantCulture)));
            case TokenKind.Operator when token.Text == "(":
                _tokens.Take();
                var inner = ParseTuple(mayBeEmpty: true);
                _tokens.TakeOperator(")");
                return inner;
            case TokenKind.Operator when token.Text == "[":
                return ParseList();
            case TokenKind.Operator when token.Text == "{":
                return ParseDict();
            default:
                throw _tokens.Unexpected("an expression");
        }
    }

    private Expression ParseName(Token token)
    {
        Value? constant = token.Text switch
        {
            "true" or "True" => BoolValue.True,
            "false" or "False" => BoolValue.False,
            "none" or "None" => NoneValue.Instance,
            _ => null,
        };
        if (constant is not null) return new ConstantExpression(token.Line, constant);
        foreach (var use in _macros)
        {
            use.Caller |= token.Text == "caller";
            use.Varargs |= token.Text == "varargs";
            use.Kwargs |= token.Text == "kwargs";
        }
        return new NameExpression(token.Line, token.Text);
    }

    private string TakeStrings()
    {
        var text = _tokens.Take().Text;
        if (_tokens.Current.Kind != TokenKind.String) return text;
        var parts = new List<string> { text };
        while (_tokens.Current.Kind == TokenKind.String) parts.Add(_tokens.Take().Text);
        return string.Concat(parts);
    }

    private static Value ReadInteger(Token token)
    {
        var text = token.Text;
        if (text.Length > BigIntValue.MaxDigits)
            throw TemplateSyntax.Error(token.Line, $"a number has {text.Length} digits; it may have {BigIntValue.MaxDigits}");
        if (text.Length < 2 || char.IsAsciiDigit(text[1])) return Numbers.FromDigits(text, negative: false);
        var digits = text.AsSpan(2).TrimStart('0').ToString();
        var numberBase = (text[1] | 0x20) switch { 'x' => 16, 'o' => 8, _ => 2 };
        if (digits.Length > numberBase switch { 16 => 15, 8 => 20, _ => 62 })
            throw TemplateSyntax.Unsupported(token.Line, "a number beyond 64 bits that is not decimal");
        return new IntValue(digits.Length == 0 ? 0 : Convert.ToInt64(digits, numberBase));
    }

    private ListExpression ParseList()
    {
        var line = _tokens.TakeOperator("[").Line;
        var items = new List<Expression>();
        while (!_tokens.Current.IsOperator("]"))
        {
            items.Add(ParseExpression());
            if (!_tokens.TakeIfOperator(",")) break;
        }
        _tokens.TakeOperator("]");
        return new ListExpression(line, [.. items]);
    }

    private DictExpression ParseDict()
    {
        var line = _tokens.TakeOperator("{").Line;
        var pairs = new List<(Expression, Expression)>();
        while (!_tokens.Current.IsOperator("}"))
        {
            var key = ParseExpression();
            _tokens.TakeOperator(":");
            pairs.Add((key, ParseExpression()));
            if (!_tokens.TakeIfOperator(",")) break;
        }
        _tokens.TakeOperator("}");
        return new DictExpression(line, [.. pairs]);
    }
}
