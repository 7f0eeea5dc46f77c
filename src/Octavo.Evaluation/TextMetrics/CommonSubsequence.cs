namespace Octavo.Evaluation.TextMetrics;

/// <summary>The longest common subsequence of two lists of tokens.</summary>
internal static class CommonSubsequence
{
    /// <summary>How long it is.</summary>
    public static int Length(IReadOnlyList<string> a, IReadOnlyList<string> b) => Table(a, b)[a.Count, b.Count];

    /// <summary>Which tokens of <paramref name="a"/> are on it, rising. Of several longest ones it is that of rouge-score.</summary>
    public static IReadOnlyList<int> Places(IReadOnlyList<string> a, IReadOnlyList<string> b)
    {
        var table = Table(a, b);
        List<int> places = [];
        var (i, j) = (a.Count, b.Count);
        while (i > 0 && j > 0)
        {
            if (a[i - 1] == b[j - 1])
            {
                places.Add(i - 1);
                i--;
                j--;
            }
            else if (table[i, j - 1] > table[i - 1, j])
                j--;
            else
                i--;
        }
        places.Reverse();
        return places;
    }

    // [a + 1, b + 1]: the length for the first i of a and the first j of b
    private static int[,] Table(IReadOnlyList<string> a, IReadOnlyList<string> b)
    {
        var table = new int[a.Count + 1, b.Count + 1];
        for (var i = 1; i <= a.Count; i++)
        {
            for (var j = 1; j <= b.Count; j++)
                table[i, j] = a[i - 1] == b[j - 1] ? table[i - 1, j - 1] + 1 : Math.Max(table[i - 1, j], table[i, j - 1]);
        }
        return table;
    }
}
