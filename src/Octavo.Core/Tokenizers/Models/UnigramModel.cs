namespace Octavo.Core.Tokenizers.Models;

/// <summary>What the unigram language model needs: pieces with scores, of which the best-scoring sequence is taken.</summary>
/// <param name="Trie">The pieces.</param>
/// <param name="Scores">Scores by id.</param>
/// <param name="UnknownScore">The score of a character that no piece stands for alone.</param>
/// <param name="Unknown">The token of such a character, or -1.</param>
/// <param name="SinglePrecision">Whether sums are rounded to single precision, as SentencePiece does; paths of nearly one score
/// depend on it.</param>
internal sealed record UnigramModel(PieceTrie Trie, double[] Scores, double UnknownScore, int Unknown, bool SinglePrecision);
