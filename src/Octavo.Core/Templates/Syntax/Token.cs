namespace Octavo.Core.Templates.Syntax;

/// <summary>What a token is.</summary>
internal enum TokenKind
{
    /// <summary>Text between tags.</summary>
    Text,

    /// <summary><c>{{</c></summary>
    OutputStart,

    /// <summary><c>}}</c></summary>
    OutputEnd,

    /// <summary><c>{%</c></summary>
    BlockStart,

    /// <summary><c>%}</c></summary>
    BlockEnd,

    /// <summary>A name or a keyword.</summary>
    Name,

    /// <summary>A text in quotes.</summary>
    String,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number with a fraction or an exponent.</summary>
    Float,

    /// <summary>An operator or a bracket.</summary>
    Operator,

    /// <summary>The end of the template.</summary>
    End,
}

/// <summary>One token: its text is unescaped for strings, without separators for numbers.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Line)
{
    public bool IsOperator(string sign) => Kind == TokenKind.Operator && Text == sign;

    public bool IsName(string name) => Kind == TokenKind.Name && Text == name;

    /// <summary>The token as an error shows it.</summary>
    public string Shown => Kind switch
    {
        TokenKind.Text => "text",
        TokenKind.OutputStart => "'{{'",
        TokenKind.OutputEnd => "'}}'",
        TokenKind.BlockStart => "'{%'",
        TokenKind.BlockEnd => "'%}'",
        TokenKind.String => "a text in quotes",
        TokenKind.End => "the end of the template",
        _ => $"'{Text}'",
    };
}
