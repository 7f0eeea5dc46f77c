using Octavo.Core;
using Octavo.Nn.Decoder;
using Octavo.Systems.ScBench.Tasks;

namespace Octavo.Systems.ScBench.Toy;

/// <summary>
/// Fresh contexts with questions and their answers: what one training step learns from. Only the words of answers are targets, two to
/// a question, one behind the other.
/// </summary>
/// <param name="Tokens">The sequences.</param>
/// <param name="Predicting">The rows that predict.</param>
/// <param name="Targets">What each of them should predict.</param>
internal sealed record ToyBatch(TokenRows Tokens, int[] Predicting, int[] Targets)
{
    /// <summary>Draws contexts of so many pairs.</summary>
    /// <param name="random">Where from.</param>
    /// <param name="sequences">How many contexts.</param>
    /// <param name="pairs">Keys of each.</param>
    /// <param name="queries">Questions on each, every one for another key; at most as many as there are keys.</param>
    public static ToyBatch Draw(SeededRandom random, int sequences, int pairs, int queries)
    {
        List<int> ids = [], lengths = [], predicting = [], targets = [];
        for (var sequence = 0; sequence < sequences; sequence++)
        {
            var begin = ids.Count;
            var triples = ToyTask.Triples(random, pairs);
            ids.Add(ToyVocabulary.Begin);
            foreach (var triple in triples)
                ids.AddRange(triple);
            random.Shuffle(triples);
            for (var query = 0; query < Math.Min(queries, pairs); query++)
            {
                var asked = triples[query];
                ids.AddRange([ToyVocabulary.Question, .. asked]);
                predicting.AddRange([ids.Count - 3, ids.Count - 2]);
                targets.AddRange(asked[1..]);
            }
            lengths.Add(ids.Count - begin);
        }
        return new ToyBatch(new TokenRows([.. ids], [.. lengths]), [.. predicting], [.. targets]);
    }

    /// <summary>
    /// The share of questions both words of whose answer got more than half of the probability. A greedy answer gets those right; it may
    /// get others right too.
    /// </summary>
    /// <param name="losses">Of the targets, in nats.</param>
    public static double Accuracy(ReadOnlySpan<float> losses)
    {
        var right = 0;
        for (var i = 0; i < losses.Length; i += ToyTask.AnswerWords)
            right += losses[i] < Half && losses[i + 1] < Half ? 1 : 0;
        return right / (losses.Length / (double)ToyTask.AnswerWords);
    }

    // −ln ½
    private const float Half = 0.6931471f;
}
