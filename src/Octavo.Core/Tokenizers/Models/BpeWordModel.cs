using System.Text;
using Octavo.Core.Tokenizers.Bpe;
using Octavo.Core.Tokenizers.PreTokenizers;
using Octavo.Core.Tokenizers.SentencePiece;

namespace Octavo.Core.Tokenizers.Models;

/// <summary>Byte-pair encoding over the characters of a word: pairs join by rank.</summary>
/// <param name="vocabulary">The vocabulary.</param>
/// <param name="merges">The merges.</param>
internal sealed class BpeWordModel(Vocabulary vocabulary, MergeTable merges) : WordModel
{
    /// <summary>Begins the pieces of characters inside a word.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Ends the piece of a word's last character.</summary>
    public string Suffix { get; init; } = "";

    /// <summary>The token of a character without a piece, or -1: it gives none.</summary>
    public int Unknown { get; init; } = -1;

    /// <summary>Whether neighbouring unknown characters are one token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>The token of each byte or -1, where characters without a piece become bytes; else null.</summary>
    public int[]? ByteIds { get; init; }

    /// <summary>Whether a word that is a piece as it stands is taken whole.</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>Whether SentencePiece's sign for the space has a piece of its own.</summary>
    public bool HasSpaceSign => vocabulary.WordId([SentencePieceModel.Space], special: false) >= 0;

    public override WordEncoder CreateEncoder(bool parseSpecial) => new Encoder(this, vocabulary, merges, parseSpecial);

    private sealed class Encoder(BpeWordModel model, Vocabulary vocabulary, MergeTable merges, bool parseSpecial) : WordEncoder
    {
        private readonly BpeWord _word = new(merges);

        // Unknown characters that were met and not added yet: where they begin and end. Null: none.
        private (int Start, int End)? _unknown;

        public override void Encode(ReadOnlySpan<char> word, List<WordToken> tokens)
        {
            if (model.IgnoreMerges && vocabulary.WordId(word, parseSpecial) is >= 0 and var whole)
            {
                tokens.Add(new WordToken(whole, 0, word.Length));
                return;
            }
            Spell(word);
            _word.Merge();
            for (var i = 0; i < _word.Count; i++)
                tokens.Add(new WordToken(_word.Id(i), _word.First(i), _word.Last(i)));
        }

        private void Spell(ReadOnlySpan<char> word)
        {
            _word.Begin(word.Length * 3);
            for (var start = 0; start < word.Length;)
            {
                Scalars.At(word, start, out var length);
                var end = start + length;
                var id = Id(word, start, end);
                if (id >= 0)
                {
                    AddUnknown();
                    _word.Add(id, start, end);
                }
                else if (model.ByteIds is null || !AddBytes(word, start, end))
                    NoteUnknown(start, end);
                start = end;
            }
            AddUnknown();
        }

        private int Id(ReadOnlySpan<char> word, int start, int end)
        {
            var prefix = start > 0 ? model.Prefix : "";
            var suffix = end == word.Length ? model.Suffix : "";
            return prefix.Length + suffix.Length == 0
                ? vocabulary.WordId(word[start..end], parseSpecial)
                : vocabulary.WordId(string.Concat(prefix, word[start..end], suffix), parseSpecial);
        }

        private bool AddBytes(ReadOnlySpan<char> word, int start, int end)
        {
            Span<byte> bytes = stackalloc byte[4];
            bytes = bytes[..Encoding.UTF8.GetBytes(word[start..end], bytes)];
            foreach (var value in bytes)
            {
                if (model.ByteIds![value] < 0)
                    return false;
            }
            foreach (var value in bytes)
                _word.Add(model.ByteIds![value], start, end);
            return true;
        }

        private void NoteUnknown(int start, int end)
        {
            if (model.Unknown < 0)
                return;
            if (_unknown is { } before && model.FuseUnknown)
            {
                _unknown = (before.Start, end);
                return;
            }
            AddUnknown();
            _unknown = (start, end);
        }

        private void AddUnknown()
        {
            if (_unknown is var (start, end))
                _word.Add(model.Unknown, start, end);
            _unknown = null;
        }
    }
}
