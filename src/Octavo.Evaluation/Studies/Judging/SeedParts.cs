namespace Octavo.Evaluation.Studies.Judging;

/// <summary>One seed's part of a contrast.</summary>
/// <param name="Value">The weighted sum of the terms' means.</param>
/// <param name="Vectors">What is drawn from: their means add up to <paramref name="Value"/>. One of length 1 has nothing to draw.</param>
/// <param name="Terms">Each term's samples, unweighted.</param>
internal sealed record SeedParts(double Value, IReadOnlyList<double[]> Vectors, IReadOnlyList<TermSamples> Terms)
{
    /// <summary>Adds up the cells of a seed.</summary>
    /// <param name="terms">Weights and cells.</param>
    /// <param name="row">A cell's value and samples.</param>
    /// <param name="key">What a cell's samples are about.</param>
    public static SeedParts Of(
        IReadOnlyList<(double Weight, IReadOnlyList<StudyCell> Cells)> terms, Func<StudyCell, (double Value, double[]? Samples)> row, Func<StudyCell, string> key)
    {
        var value = 0.0;
        Dictionary<string, List<double[]>> parts = [];
        List<TermSamples> samples = [];
        foreach (var (weight, cells) in terms)
        {
            var each = weight / cells.Count;
            Dictionary<string, List<double[]>> own = [];
            foreach (var cell in cells)
            {
                var (mean, scores) = row(cell);
                value += each * mean;
                Add(parts, key(cell), [.. (scores ?? [mean]).Select(score => each * score)]);
                if (scores is not null)
                    Add(own, key(cell), scores);
            }
            samples.Add(TermSamples.Of(own, isWhole: cells.All(cell => own.ContainsKey(key(cell)))));
        }
        return new SeedParts(value, [.. parts.Values.SelectMany(AddUp)], samples);
    }

    private static void Add(Dictionary<string, List<double[]>> lists, string key, double[] values)
    {
        if (!lists.TryGetValue(key, out var list))
            lists[key] = list = [];
        list.Add(values);
    }

    // samples of other counts cannot be the same ones: each is drawn by itself
    private static IEnumerable<double[]> AddUp(List<double[]> vectors) => vectors.All(vector => vector.Length == vectors[0].Length)
        ? [[.. Enumerable.Range(0, vectors[0].Length).Select(i => vectors.Sum(vector => vector[i]))]]
        : vectors;
}

/// <summary>The samples of a term by what they are about: of several cells about the same their mean.</summary>
/// <param name="Values">By key.</param>
/// <param name="IsWhole">Whether every cell has samples, in counts that agree.</param>
internal sealed record TermSamples(IReadOnlyDictionary<string, double[]> Values, bool IsWhole)
{
    public static TermSamples Of(Dictionary<string, List<double[]>> lists, bool isWhole)
    {
        var isEven = lists.Values.All(list => list.All(values => values.Length == list[0].Length));
        Dictionary<string, double[]> means = [];
        if (isEven)
        {
            foreach (var (key, list) in lists)
                means[key] = [.. Enumerable.Range(0, list[0].Length).Select(i => list.Average(values => values[i]))];
        }
        return new TermSamples(means, isWhole && isEven);
    }
}
