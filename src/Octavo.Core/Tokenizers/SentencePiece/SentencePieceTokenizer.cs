using System.Text;
using Octavo.Core.Tokenizers.Pipeline;

namespace Octavo.Core.Tokenizers.SentencePiece;

/// <summary>SentencePiece's tokenizers: pieces with scores; what has no piece becomes bytes or the unknown token.</summary>
internal sealed class SentencePieceTokenizer(string kind, Vocabulary vocabulary, SpecialIds special, PipelineStages stages)
    : ByteTokenizer(vocabulary, special)
{
    /// <summary>Which spaces at the beginning were put there by encoding.</summary>
    public FirstSpaces FirstSpaces { get; init; }

    /// <summary>The text of the unknown token; null: its piece.</summary>
    public string? UnknownText { get; init; }

    /// <summary>Whether the sign in texts of the user stands for a space.</summary>
    public bool SymbolsHaveSign { get; init; }

    public override string Kind => kind;

    public override FirstSpaces Drops => FirstSpaces;

    public override IReadOnlyList<Token> Encode(string text, bool addSpecial = false, bool parseSpecial = true) =>
        Encode(stages, text, addSpecial, parseSpecial);

    protected override int WritePiece(string piece, TokenKind kind, Span<byte> destination)
    {
        if (kind == TokenKind.Byte)
        {
            destination[0] = (byte)SentencePieceModel.ByteOf(piece);
            return 1;
        }
        if (kind == TokenKind.Unknown)
            return Encoding.UTF8.GetBytes(UnknownText ?? piece, destination);
        if (kind == TokenKind.UserDefined && !SymbolsHaveSign)
            return Encoding.UTF8.GetBytes(piece, destination);
        var count = 0;
        var rest = piece.AsSpan();
        for (var space = rest.IndexOf(SentencePieceModel.Space); space >= 0; space = rest.IndexOf(SentencePieceModel.Space))
        {
            count += Encoding.UTF8.GetBytes(rest[..space], destination[count..]);
            destination[count++] = (byte)' ';
            rest = rest[(space + 1)..];
        }
        return count + Encoding.UTF8.GetBytes(rest, destination[count..]);
    }

    protected override int LargestText(int id) =>
        Vocabulary.Kind(id) == TokenKind.Unknown
            ? Math.Max(Vocabulary.Piece(id).Length, UnknownText?.Length ?? 0)
            : Vocabulary.Piece(id).Length;
}
