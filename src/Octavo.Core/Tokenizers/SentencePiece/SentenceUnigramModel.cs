using Octavo.Core.Tokenizers.Models;

namespace Octavo.Core.Tokenizers.SentencePiece;

/// <summary>SentencePiece's unigram model over a whole text.</summary>
internal sealed class SentenceUnigramModel : WordModel
{
    // What a character without a piece costs beyond the worst piece.
    private const float UnknownPenalty = 10;

    private readonly SentencePieceModel _model;
    private readonly UnigramModel _unigram;

    public SentenceUnigramModel(SentencePieceModel model)
    {
        _model = model;
        _unigram = new UnigramModel(new PieceTrie(), new double[model.Vocabulary.Size],
            ReadScores(model, out var best) - UnknownPenalty, model.Unknown,
            SinglePrecision: true);
        for (var id = 0; id < model.Vocabulary.Size; id++)
        {
            var kind = model.Vocabulary.Kind(id);
            var piece = model.Vocabulary.Piece(id);
            if (kind is not (TokenKind.Normal or TokenKind.UserDefined) || piece.Length == 0)
                continue;
            // A text of the user's gets a score by its length in bytes, as in the reference.
            _unigram.Scores[id] = kind == TokenKind.Normal
                ? model.Score(id)
                : System.Text.Encoding.UTF8.GetByteCount(piece) * best - 0.1;
            if (!_unigram.Trie.TryAdd(piece, id))
                throw new InputFileException(
                    "The vocabulary has more than 16 million beginnings of pieces; that is no tokenizer's.");
        }
    }

    public override WordEncoder CreateEncoder(bool parseSpecial) => new Encoder(_model, _unigram);

    private static float ReadScores(SentencePieceModel model, out float best)
    {
        // The reference begins the search for the largest at the least positive number.
        var (least, largest) = (float.MaxValue, 1.17549435E-38f);
        for (var id = 0; id < model.Vocabulary.Size; id++)
        {
            if (model.Vocabulary.Kind(id) != TokenKind.Normal)
                continue;
            least = Math.Min(least, model.Score(id));
            largest = Math.Max(largest, model.Score(id));
        }
        best = largest;
        return least;
    }

    private sealed class Encoder(SentencePieceModel model, UnigramModel unigram) : WordEncoder
    {
        private readonly UnigramPath _path = new(unigram);
        private readonly List<WordToken> _found = [];

        public override void Encode(ReadOnlySpan<char> word, List<WordToken> tokens)
        {
            _found.Clear();
            _path.Find(word, _found);
            var afterUnknown = false;
            foreach (var token in _found)
            {
                var isUnknown = token.Id == unigram.Unknown
                    && !UnknownText.TryAddBytes(word, token.Start, token.End, model, tokens);
                if (token.Id != unigram.Unknown)
                    tokens.Add(token);
                else if (isUnknown)
                    UnknownText.Add(token.Start, token.End, model, afterUnknown, tokens);
                afterUnknown = isUnknown;
            }
        }
    }
}
