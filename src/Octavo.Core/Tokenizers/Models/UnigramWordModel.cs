namespace Octavo.Core.Tokenizers.Models;

/// <summary>The unigram model as the reference runs it over words: neighbouring unknown characters are one token, or the bytes
/// of them.</summary>
/// <param name="vocabulary">The vocabulary.</param>
/// <param name="model">Pieces and scores.</param>
/// <param name="byteIds">The token of each byte or -1, where unknown characters become bytes; else null.</param>
internal sealed class UnigramWordModel(Vocabulary vocabulary, UnigramModel model, int[]? byteIds) : WordModel
{
    public override WordEncoder CreateEncoder(bool parseSpecial) => new Encoder(vocabulary, model, byteIds, parseSpecial);

    private sealed class Encoder(Vocabulary vocabulary, UnigramModel model, int[]? byteIds, bool parseSpecial) : WordEncoder
    {
        private readonly UnigramPath _path = new(model, parseSpecial ? null : id => vocabulary.Kind(id) != TokenKind.Control);
        private readonly List<WordToken> _found = [];

        public override void Encode(ReadOnlySpan<char> word, List<WordToken> tokens)
        {
            _found.Clear();
            _path.Find(word, _found);
            for (var i = 0; i < _found.Count; i++)
            {
                if (_found[i].Id != model.Unknown)
                {
                    tokens.Add(_found[i]);
                    continue;
                }
                var start = _found[i].Start;
                while (i + 1 < _found.Count && _found[i + 1].Id == model.Unknown)
                    i++;
                AddUnknown(word, start, _found[i].End, tokens);
            }
        }

        private void AddUnknown(ReadOnlySpan<char> word, int start, int end, List<WordToken> tokens)
        {
            var text = word[start..end];
            if (byteIds is not null && vocabulary.WordId(text, parseSpecial) < 0 && AddBytes(text, start, end, tokens))
                return;
            tokens.Add(new WordToken(model.Unknown, start, end));
        }

        private bool AddBytes(ReadOnlySpan<char> text, int start, int end, List<WordToken> tokens)
        {
            var first = tokens.Count;
            Span<byte> bytes = stackalloc byte[4];
            foreach (var rune in text.EnumerateRunes())
            {
                foreach (var value in bytes[..rune.EncodeToUtf8(bytes)])
                {
                    if (byteIds![value] < 0)
                    {
                        tokens.RemoveRange(first, tokens.Count - first);
                        return false;
                    }
                    tokens.Add(new WordToken(byteIds[value], start, end));
                }
            }
            return true;
        }
    }
}
