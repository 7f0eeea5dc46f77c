using Octavo.Core.Tokenizers.Models;
using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers.SentencePiece;

/// <summary>Texts that the vocabulary's maker wants to be one token wherever they stand.</summary>
internal sealed class UserSymbols
{
    private readonly PieceTrie? _trie;

    /// <param name="vocabulary">The vocabulary, whose user-defined pieces these are.</param>
    public UserSymbols(Vocabulary vocabulary)
    {
        for (var id = 0; id < vocabulary.Size; id++)
        {
            if (vocabulary.Kind(id) != TokenKind.UserDefined || vocabulary.Piece(id).Length == 0)
                continue;
            _trie ??= new PieceTrie();
            _trie.TryAdd(vocabulary.Piece(id), id);
        }
    }

    private UserSymbols()
    {
    }

    /// <summary>No such texts.</summary>
    public static UserSymbols None { get; } = new();

    /// <summary>Whether one of the texts may begin with a unit.</summary>
    public bool BeginWith(char unit) => _trie is not null && _trie.Step(0, unit) > 0;

    /// <summary>The longest of the texts at a place, or one character.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The place, in UTF-16 units.</param>
    /// <param name="id">The token, or -1 for a character.</param>
    /// <returns>The length in units.</returns>
    public int Match(ReadOnlySpan<char> text, int at, out int id)
    {
        id = -1;
        Scalars.At(text, at, out var length);
        var node = 0;
        for (var end = at; _trie is not null && end < text.Length; end++)
        {
            node = _trie.Step(node, text[end]);
            if (node == 0)
                break;
            if (_trie.Id(node) is >= 0 and var found)
                (id, length) = (found, end + 1 - at);
        }
        return length;
    }
}
