namespace Octavo.Evaluation.TextMetrics;

/// <summary>How much of two lists of tokens is the same, whatever their order: the F1 of SQuAD's evaluation.</summary>
internal static class TokenF1
{
    /// <summary>The harmonic mean of precision and recall over what both have, each token as often as both have it.</summary>
    /// <typeparam name="T">Words, or characters.</typeparam>
    /// <returns>0 to 1; 0 where they share nothing, two empty lists included.</returns>
    public static double Of<T>(IReadOnlyList<T> prediction, IReadOnlyList<T> reference)
        where T : notnull
    {
        var left = reference.CountBy(token => token).ToDictionary();
        var same = 0;
        foreach (var token in prediction)
        {
            if (!left.TryGetValue(token, out var count) || count == 0)
                continue;
            left[token] = count - 1;
            same++;
        }
        if (same == 0)
            return 0;
        var (precision, recall) = ((double)same / prediction.Count, (double)same / reference.Count);
        return 2 * precision * recall / (precision + recall);
    }
}
