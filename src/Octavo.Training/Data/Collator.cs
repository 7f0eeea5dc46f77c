namespace Octavo.Training.Data;

/// <summary>Lays examples out in a batch. Padding is told by lengths alone, so a padding token may equal any other token.</summary>
internal static class Collator
{
    /// <summary>The label of a token that is no target.</summary>
    public const int Ignored = -100;

    /// <summary>One example a row, filled up at the right to the longest.</summary>
    /// <param name="examples">At least one example.</param>
    public static Batch Pad(IReadOnlyList<Example> examples) =>
        Lay([.. examples.Select(example => (IReadOnlyList<Example>)[example])], examples.Max(example => example.Ids.Length));

    /// <summary>Several examples a row, one behind the other, each a document of its own.</summary>
    /// <param name="rows">At least one row, each with at least one example.</param>
    /// <param name="length">The length of all rows; the examples of each fit in it.</param>
    public static Batch Pack(IReadOnlyList<IReadOnlyList<Example>> rows, int length) => Lay(rows, length);

    private static Batch Lay(IReadOnlyList<IReadOnlyList<Example>> rows, int length)
    {
        ArgumentOutOfRangeException.ThrowIfZero(rows.Count, nameof(rows));
        var size = checked(rows.Count * length);
        var (ids, labels, positions, documents) = (new int[size], new int[size], new int[size], new int[size]);
        Array.Fill(labels, Ignored);
        var (targets, tokens) = (0, 0);
        for (var row = 0; row < rows.Count; row++)
        {
            var (at, end) = (row * length, (row + 1) * length);
            for (var document = 0; document < rows[row].Count; document++)
            {
                var example = rows[row][document];
                if (example.Ids.Length == 0 || example.Ids.Length > end - at)
                    throw new ArgumentException(
                        $"{example.Ids.Length} tokens do not go in the {end - at} that are left of a row.", nameof(rows));
                for (var i = 0; i < example.Ids.Length; i++, at++)
                {
                    (ids[at], positions[at], documents[at]) = (example.Ids[i], i, document + 1);
                    if (i == 0 || !example.IsTarget[i])
                        continue;
                    labels[at] = example.Ids[i];
                    targets++;
                }
                tokens += example.Ids.Length;
            }
        }
        return new Batch(rows.Count, length, ids, labels, positions, documents, targets, tokens);
    }
}
