namespace Octavo.Core.Templates.Syntax;

/// <summary>The tokens of a template, with a look at the next one.</summary>
internal sealed class TokenReader
{
    private readonly Lexer _lexer;
    private Token? _ahead;

    public TokenReader(string source)
    {
        _lexer = new Lexer(source);
        Current = _lexer.Next();
    }

    public Token Current { get; private set; }

    public Token Ahead => _ahead ??= Current.Kind == TokenKind.End ? Current : _lexer.Next();

    /// <summary>Goes on and gives the token that was current.</summary>
    public Token Take()
    {
        var taken = Current;
        Current = Ahead;
        _ahead = null;
        return taken;
    }

    public bool TakeIfName(string name)
    {
        if (!Current.IsName(name)) return false;
        Take();
        return true;
    }

    public bool TakeIfOperator(string sign)
    {
        if (!Current.IsOperator(sign)) return false;
        Take();
        return true;
    }

    public Token TakeOperator(string sign) => Current.IsOperator(sign) ? Take() : throw Unexpected($"'{sign}'");

    public Token TakeName(string name) => Current.IsName(name) ? Take() : throw Unexpected($"'{name}'");

    public Token Take(TokenKind kind, string expected) => Current.Kind == kind ? Take() : throw Unexpected(expected);

    public InputFileException Unexpected(string expected) =>
        TemplateSyntax.Error(Current.Line, $"{expected} is expected, but {Current.Shown} stands there");
}
