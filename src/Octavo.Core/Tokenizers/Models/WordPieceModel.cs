using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers.Models;

/// <summary>WordPiece: the longest piece that a word begins with, then the longest with a prefix for what follows, and so
/// on.</summary>
internal sealed class WordPieceModel : WordModel
{
    private readonly Vocabulary _vocabulary;
    private readonly PieceTrie _trie;
    private readonly int _unknown;
    private readonly int _longestWord;

    // Where in the trie pieces go on behind the prefix; -1 where no piece has it.
    private readonly int _inside;

    /// <param name="vocabulary">The vocabulary.</param>
    /// <param name="trie">The pieces that words are made of.</param>
    /// <param name="unknown">Stands for a word that is not made of pieces.</param>
    /// <param name="prefix">Begins pieces inside a word.</param>
    /// <param name="longestWord">A word of more code points is unknown.</param>
    public WordPieceModel(Vocabulary vocabulary, PieceTrie trie, int unknown, string prefix, int longestWord)
    {
        (_vocabulary, _trie, _unknown, _longestWord) = (vocabulary, trie, unknown, longestWord);
        foreach (var unit in prefix)
        {
            _inside = trie.Step(_inside, unit);
            if (_inside == 0)
            {
                _inside = -1;
                return;
            }
        }
    }

    public override WordEncoder CreateEncoder(bool parseSpecial) => new Encoder(this, parseSpecial);

    private sealed class Encoder(WordPieceModel model, bool parseSpecial) : WordEncoder
    {
        public override void Encode(ReadOnlySpan<char> word, List<WordToken> tokens)
        {
            var first = tokens.Count;
            var start = word.Length > model._longestWord && Scalars.Count(word) > model._longestWord ? -1 : 0;
            while (start >= 0 && start < word.Length)
            {
                var end = Longest(word, start, out var id);
                if (end > start)
                    tokens.Add(new WordToken(id, start, end));
                start = end > start ? end : -1;
            }
            if (start >= 0)
                return;
            tokens.RemoveRange(first, tokens.Count - first);
            tokens.Add(new WordToken(model._unknown, 0, word.Length));
        }

        private int Longest(ReadOnlySpan<char> word, int start, out int id)
        {
            var (node, end) = (start == 0 ? 0 : model._inside, -1);
            id = -1;
            for (var at = start; node >= 0 && at < word.Length; at++)
            {
                node = model._trie.Step(node, word[at]);
                if (node == 0)
                    break;
                if (model._trie.Id(node) is >= 0 and var found
                    && (parseSpecial || model._vocabulary.Kind(found) != TokenKind.Control))
                    (id, end) = (found, at + 1);
            }
            return end;
        }
    }
}
