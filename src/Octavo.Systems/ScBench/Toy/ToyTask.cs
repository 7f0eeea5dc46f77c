using Octavo.Core;
using Octavo.Evaluation;
using Octavo.Systems.ScBench.Data;
using Octavo.Systems.ScBench.Tasks;

namespace Octavo.Systems.ScBench.Toy;

/// <summary>
/// Retrieval in the toy's own words: the context is a list of triples "key a b" whose values are all different, a turn "Q key" asks for
/// "a b". An answer has two words so that a method which drops the second is found out: the first word of the first answer comes from
/// full attention by construction.
/// </summary>
internal static class ToyTask
{
    /// <summary>Its name among the rules of tasks.</summary>
    public const string Name = "toy_kv";

    /// <summary>The most pairs of key and values: each value stands in the context once at most.</summary>
    public const int MostPairs = ToyVocabulary.Symbols / 2;

    /// <summary>Words of an answer.</summary>
    public const int AnswerWords = 2;

    /// <summary>The most questions that are trained in a row.</summary>
    public const int MostTurns = 8;

    /// <summary>Positions of the longest text: what the toy is made for.</summary>
    public const int ContextLength = 1 + (3 * MostPairs) + (MostTurns * (2 + AnswerWords));

    /// <summary>One row; equal arguments give equal rows on every machine.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="id">The row's number.</param>
    /// <param name="pairs">How many keys the context has, at most <see cref="MostPairs"/>.</param>
    /// <param name="turns">How many of them are asked for, each another.</param>
    public static SharedContext Make(ulong seed, int id, int pairs = MostPairs, int turns = 5)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pairs, MostPairs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(turns, Math.Min(pairs, MostTurns));
        var random = new SeededRandom(TextHash.Of($"{Name}/{seed}/{id}"));
        var triples = Triples(random, pairs);
        return new SharedContext(id, ToyVocabulary.Text(triples.SelectMany(triple => triple)), [.. random.Depths(pairs, turns).Select(place => triples[place]).Select(
            triple => new ContextTurn(ToyVocabulary.Text([ToyVocabulary.Question, triple[0]]), GoldAnswer.Of(ToyVocabulary.Text(triple[1..]))))]);
    }

    /// <summary>So many keys with their values, ids of words: [pairs][3].</summary>
    public static int[][] Triples(SeededRandom random, int pairs)
    {
        int[] keys = [.. Enumerable.Range(0, ToyVocabulary.Symbols).Select(ToyVocabulary.Key)];
        int[] values = [.. Enumerable.Range(0, ToyVocabulary.Symbols).Select(ToyVocabulary.Value)];
        random.Shuffle(keys);
        random.Shuffle(values);
        return [.. Enumerable.Range(0, pairs).Select(i => (int[])[keys[i], values[2 * i], values[(2 * i) + 1]])];
    }
}
