using Octavo.Core;

namespace Octavo.Evaluation.Procedural;

/// <summary>A generator of examples. Equal options, seed, split and count give equal rows on every machine.</summary>
internal abstract record ProceduralTask
{
    // tries per row before a generator is said to be exhausted
    private const int Tries = 2000;

    /// <summary>What the task is called on the command line and in its rows.</summary>
    public abstract string Name { get; }

    /// <summary>The splits that can be made.</summary>
    public virtual IReadOnlyList<string> Splits => ["train", "dev", "test"];

    /// <summary>Tells apart the texts that rows of a split are drawn from; empty where they lie in the program.</summary>
    public virtual string Source(string split) => "";

    /// <summary>Makes one row from draws; null where the draws lead nowhere.</summary>
    protected abstract ProceduralRow? Draw(SeededRandom random, string split, string id);

    /// <summary>Says what is wrong with a row, or null where it verifies.</summary>
    public abstract string? Problem(ProceduralRow row);

    /// <summary>Makes rows with different questions; each of them has passed <see cref="Problem"/>.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="split">One of <see cref="Splits"/>.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <exception cref="ConfigException">The split or the count is wrong, or there are not so many different rows.</exception>
    public IEnumerable<ProceduralRow> Generate(ulong seed, string split, int count)
    {
        if (!Splits.Contains(split))
            throw new ConfigException($"{Name} has no split '{split}'; it has {string.Join(", ", Splits)}.");
        if (count < 1)
            throw new ConfigException($"the count is {count}; give at least 1.");
        return Rows(seed, split, count);
    }

    private IEnumerable<ProceduralRow> Rows(ulong seed, string split, int count)
    {
        // splits and tasks of one seed have streams of their own
        var random = new SeededRandom(seed ^ TextHash.Of($"{Name}/{split}"));
        HashSet<string> questions = [];
        for (var i = 0; i < count; i++)
        {
            ProceduralRow? row = null;
            for (var attempt = 0; row is null; attempt++)
            {
                if (attempt == Tries)
                    throw new ConfigException($"{Name} found only {i} different rows for the split '{split}'; ask for at most that many.");
                row = Draw(random, split, $"{Name}-{split}-{seed}-{i:D6}");
                if (row is not null && !questions.Add(row.Question))
                    row = null;
            }
            if (Problem(row) is { } problem)
                throw new InvalidOperationException($"{row.Id} does not verify: {problem} Question: {row.Question} Answer: {row.Target}");
            yield return row;
        }
    }

    /// <summary>One of some things.</summary>
    protected static T Pick<T>(SeededRandom random, IReadOnlyList<T> all) => all[random.Next(all.Count)];

    /// <summary>A whole number in [from, to].</summary>
    protected static int Between(SeededRandom random, int from, int to) => from + random.Next(to - from + 1);

    /// <summary>Puts things into an order that is drawn.</summary>
    internal static T[] Shuffled<T>(SeededRandom random, IEnumerable<T> all)
    {
        T[] items = [.. all];
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = random.Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
        return items;
    }
}
