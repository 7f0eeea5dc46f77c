namespace Octavo.Core.Tokenizers;

/// <summary>Pieces by id and ids by piece.</summary>
internal sealed class Vocabulary
{
    /// <summary>No vocabulary is larger; a file that says so is refused.</summary>
    public const int LargestSize = 10_000_000;

    private readonly string?[] _pieces;
    private readonly TokenKind[] _kinds;
    private readonly PieceIndex _ids;
    private readonly HashSet<int>? _outside;

    /// <summary>Builds the index.</summary>
    /// <param name="pieces">Pieces by id; null where a number has no entry.</param>
    /// <param name="kinds">Kinds by id.</param>
    /// <param name="refuse">Makes the error for two ids of one piece; null: the last one is the spelling's.</param>
    /// <param name="outside">Ids that the model itself does not have; null: none.</param>
    public Vocabulary(string?[] pieces, TokenKind[] kinds, Func<int, int, InputFileException>? refuse,
        HashSet<int>? outside = null)
    {
        _pieces = pieces;
        _kinds = kinds;
        _outside = outside;
        var count = 0;
        foreach (var piece in pieces)
            count += piece is null ? 0 : 1;
        _ids = new PieceIndex(pieces, count);
        for (var id = 0; id < pieces.Length; id++)
        {
            if (pieces[id] is null || _ids.Add(id) is not (>= 0 and var first))
                continue;
            if (refuse is not null)
                throw refuse(first, id);
            _ids.Set(id);
        }
    }

    /// <summary>Ids run from 0 to this number, exclusive.</summary>
    public int Size => _pieces.Length;

    /// <summary>The spelling of an id; empty where the number has no entry.</summary>
    public string Piece(int id)
    {
        if ((uint)id >= (uint)_pieces.Length)
            throw new ArgumentOutOfRangeException(nameof(id), id, $"Token ids run from 0 to {_pieces.Length - 1}.");
        return _pieces[id] ?? "";
    }

    /// <summary>The kind of an id; <see cref="TokenKind.None"/> beyond the vocabulary, where padded models have rows
    /// too.</summary>
    public TokenKind Kind(int id) => (uint)id < (uint)_kinds.Length ? _kinds[id] : TokenKind.None;

    /// <summary>The id of a spelling, or -1.</summary>
    public int Id(ReadOnlySpan<char> piece) => _ids.Id(piece);

    /// <summary>The id of a spelling that text may turn into, a normal piece; or -1.</summary>
    public int TextId(ReadOnlySpan<char> piece) => _ids.Id(piece) is >= 0 and var id && _kinds[id] == TokenKind.Normal ? id : -1;

    /// <summary>The id of a spelling that the model may give for a word, or -1.</summary>
    /// <param name="word">The spelling.</param>
    /// <param name="special">Whether special tokens count.</param>
    public int WordId(ReadOnlySpan<char> word, bool special)
    {
        var id = _ids.Id(word);
        return id < 0 || !special && _kinds[id] == TokenKind.Control || _outside is not null && _outside.Contains(id) ? -1 : id;
    }

    /// <summary>Whether the model itself has an id.</summary>
    public bool IsInModel(int id) => (uint)id < (uint)_pieces.Length && _pieces[id] is not null && _outside?.Contains(id) != true;

    /// <summary>The id of a special token's spelling, or -1.</summary>
    public int SpecialId(ReadOnlySpan<char> piece) =>
        _ids.Id(piece) is >= 0 and var id && _kinds[id] == TokenKind.Control ? id : -1;

    /// <summary>Whether an id has a spelling.</summary>
    public bool Is(int id, ReadOnlySpan<char> piece) =>
        (uint)id < (uint)_pieces.Length && _pieces[id] is { } its && piece.SequenceEqual(its);
}
