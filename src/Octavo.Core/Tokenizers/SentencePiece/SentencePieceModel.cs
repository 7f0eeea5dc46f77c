using System.Globalization;

namespace Octavo.Core.Tokenizers.SentencePiece;

/// <summary>What SentencePiece's models need beside the vocabulary.</summary>
internal sealed class SentencePieceModel
{
    /// <summary>Stands for the space in pieces.</summary>
    public const char Space = '\u2581';

    private readonly float[] _scores;

    /// <summary>Finds the pieces of single bytes and the longest piece.</summary>
    /// <param name="vocabulary">The vocabulary.</param>
    /// <param name="scores">Scores by id.</param>
    /// <param name="unknown">Stands for characters that have neither a piece nor bytes.</param>
    public SentencePieceModel(Vocabulary vocabulary, float[] scores, int? unknown)
    {
        Vocabulary = vocabulary;
        _scores = scores;
        Unknown = unknown ?? -1;
        Array.Fill(ByteIds, -1);
        for (var id = 0; id < vocabulary.Size; id++)
        {
            var kind = vocabulary.Kind(id);
            if (kind == TokenKind.Byte)
                ByteIds[ByteOf(vocabulary.Piece(id))] = id;
            if (kind == TokenKind.Normal)
                LongestPiece = Math.Max(LongestPiece, vocabulary.Piece(id).Length);
            if (kind is TokenKind.Normal or TokenKind.UserDefined)
                KeepsBorders &= !HasBorder(vocabulary.Piece(id));
        }
        KeepsBorders &= vocabulary.TextId([Space]) >= 0;
    }

    public Vocabulary Vocabulary { get; }

    /// <summary>The token of each byte, or -1.</summary>
    public int[] ByteIds { get; } = new int[256];

    /// <summary>The length of the longest normal piece, in UTF-16 units.</summary>
    public int LongestPiece { get; }

    /// <summary>The unknown token, or -1.</summary>
    public int Unknown { get; }

    /// <summary>Texts of the user that are taken whole wherever they stand in the normalized text.</summary>
    public UserSymbols Symbols { get; init; } = UserSymbols.None;

    /// <summary>Whether no piece goes on with the sign for the space behind something else, so that a text may be cut before
    /// such signs.</summary>
    public bool KeepsBorders { get; } = true;

    public float Score(int id) => _scores[id];

    /// <summary>The byte that a piece such as &lt;0x0A&gt; spells, or -1.</summary>
    public static int ByteOf(string piece) =>
        piece.Length == 6 && piece.StartsWith("<0x", StringComparison.Ordinal) && piece[5] == '>'
        && byte.TryParse(piece.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : -1;

    private static bool HasBorder(ReadOnlySpan<char> piece) => piece.TrimStart(Space).Contains(Space);
}
