using Octavo.Evaluation.Metrics;

namespace Octavo.Evaluation.Studies.Judging;

/// <summary>
/// The interval of a weighted sum of shares from the shares' own (Zou and Donner 2008; of two, paired, it is Newcombe's tenth method of 1998): the
/// bootstrap has no width where all samples are right, and this has.
/// </summary>
internal static class ShareSpread
{
    /// <summary>None where a share has no samples.</summary>
    /// <param name="terms">Weights and samples by what they are about.</param>
    /// <param name="value">The sum.</param>
    public static Interval Of(IReadOnlyList<(double Weight, Dictionary<string, double[]>? Samples)> terms, double value)
    {
        if (terms.Any(term => term.Samples is null or { Count: 0 }))
            return Interval.None;
        var (below, above) = (new double[terms.Count], new double[terms.Count]);
        for (var i = 0; i < terms.Count; i++)
        {
            var all = terms[i].Samples!.Values.SelectMany(values => values).ToList();
            var (share, wilson) = (all.Average(), Interval.Wilson(all.Sum(), all.Count));
            var (down, up) = (share - wilson.Low, wilson.High - share);
            (below[i], above[i]) = terms[i].Weight > 0 ? (terms[i].Weight * down, terms[i].Weight * up) : (terms[i].Weight * up, terms[i].Weight * down);
        }
        var (low, high) = (0.0, 0.0);
        for (var i = 0; i < terms.Count; i++)
        {
            for (var j = 0; j < terms.Count; j++)
            {
                // the weights' signs are in both: what is common to two terms adds to a sum and cancels in a difference
                var together = i == j ? 1 : Correlation(terms[i].Samples!, terms[j].Samples!);
                low += together * below[i] * below[j];
                high += together * above[i] * above[j];
            }
        }
        return new Interval(value - Math.Sqrt(Math.Max(0, low)), value + Math.Sqrt(Math.Max(0, high)));
    }

    /// <summary>Of samples that are laid side by side; 0 where they cannot be, or where one of them does not vary.</summary>
    private static double Correlation(Dictionary<string, double[]> first, Dictionary<string, double[]> second)
    {
        if (first.Count != second.Count || first.Any(pair => second.GetValueOrDefault(pair.Key)?.Length != pair.Value.Length))
            return 0;
        var (a, b) = (first.SelectMany(pair => pair.Value).ToList(), first.SelectMany(pair => second[pair.Key]).ToList());
        var (meanA, meanB) = (a.Average(), b.Average());
        var (ab, aa, bb) = (0.0, 0.0, 0.0);
        for (var i = 0; i < a.Count; i++)
        {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }
        return aa > 0 && bb > 0 ? ab / Math.Sqrt(aa * bb) : 0;
    }
}
