using System.Diagnostics.CodeAnalysis;

namespace Octavo.Core.Tokenizers;

/// <summary>Pieces by id and ids by piece.</summary>
internal sealed class Vocabulary
{
    /// <summary>No vocabulary is larger; a file that says so is refused.</summary>
    public const int LargestSize = 10_000_000;

    private readonly string?[] _pieces;
    private readonly TokenKind[] _kinds;
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _spans;

    /// <summary>Builds the index.</summary>
    /// <param name="pieces">Pieces by id; null where a number has no entry.</param>
    /// <param name="kinds">Kinds by id.</param>
    /// <param name="refuse">Makes the error for two ids of one piece.</param>
    public Vocabulary(string?[] pieces, TokenKind[] kinds, Func<int, int, InputFileException> refuse)
    {
        _pieces = pieces;
        _kinds = kinds;
        _ids = new Dictionary<string, int>(pieces.Length, StringComparer.Ordinal);
        for (var id = 0; id < pieces.Length; id++)
        {
            if (pieces[id] is { } piece && !_ids.TryAdd(piece, id))
                throw refuse(_ids[piece], id);
        }
        _spans = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
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

    /// <summary>The kind of an id; <see cref="TokenKind.None"/> beyond the vocabulary, where padded models have rows too.</summary>
    public TokenKind Kind(int id) => (uint)id < (uint)_kinds.Length ? _kinds[id] : TokenKind.None;

    /// <summary>Finds the id of a spelling.</summary>
    public bool TryGetId(ReadOnlySpan<char> piece, out int id) => _spans.TryGetValue(piece, out id);

    /// <summary>Finds the id of a spelling that text may turn into: a normal piece.</summary>
    public bool TryGetText(ReadOnlySpan<char> piece, out int id) => _spans.TryGetValue(piece, out id) && _kinds[id] == TokenKind.Normal;

    /// <summary>The special token of a spelling.</summary>
    public bool TryGetSpecial(string piece, [NotNullWhen(true)] out int? id)
    {
        id = _ids.TryGetValue(piece, out var found) && _kinds[found] == TokenKind.Control ? found : null;
        return id is not null;
    }
}
