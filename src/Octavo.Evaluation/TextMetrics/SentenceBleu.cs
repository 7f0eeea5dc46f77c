namespace Octavo.Evaluation.TextMetrics;

/// <summary>
/// BLEU of one text against one reference: n-grams of one to four tokens with equal weights, the brevity penalty, and smoothing method 4
/// of NLTK (Chen and Cherry 2014): an order without a match counts as ln(h) / (5·2^c) matches, where h is the candidate's length and c
/// counts such orders. As in NLTK, a candidate of one token is not smoothed, and orders without a match are then left out.
/// </summary>
internal static class SentenceBleu
{
    private const int Orders = 4;
    private const double K = 5;

    /// <summary>The score, 0 to 1; 0 where no single token matches.</summary>
    public static double Of(IReadOnlyList<string> candidate, IReadOnlyList<string> reference)
    {
        var (logs, unmatched) = (0.0, 0);
        for (var order = 1; order <= Orders; order++)
        {
            var (matches, count) = Matches(candidate, reference, order);
            if (matches == 0 && order == 1)
                return 0;
            var numerator = (double)matches;
            if (matches == 0 && candidate.Count > 1)
                numerator = Math.Log(candidate.Count) / (K * Math.Pow(2, ++unmatched));
            if (numerator > 0)
                logs += Math.Log(numerator / count) / Orders;
        }
        var penalty = candidate.Count > reference.Count ? 1 : Math.Exp(1 - ((double)reference.Count / candidate.Count));
        return penalty * Math.Exp(logs);
    }

    private static (int Matches, int Count) Matches(IReadOnlyList<string> candidate, IReadOnlyList<string> reference, int order)
    {
        var (ours, theirs) = (NGrams.Count(candidate, order), NGrams.Count(reference, order));
        return (NGrams.Common(ours, theirs), Math.Max(1, ours.Values.Sum()));
    }
}
