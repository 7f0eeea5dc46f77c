namespace Octavo.Evaluation.TextMetrics;

/// <summary>Runs of neighbouring tokens, counted.</summary>
internal static class NGrams
{
    // no token holds it, so that different runs never join to the same text
    private const char Joint = '\u0001';

    /// <summary>How often each run of <paramref name="order"/> tokens is there.</summary>
    public static Dictionary<string, int> Count(IReadOnlyList<string> tokens, int order)
    {
        Dictionary<string, int> counts = [];
        for (var i = 0; i + order <= tokens.Count; i++)
        {
            var run = string.Join(Joint, Enumerable.Range(i, order).Select(at => tokens[at]));
            counts[run] = counts.GetValueOrDefault(run) + 1;
        }
        return counts;
    }

    /// <summary>How many runs both have, each as often as both have it.</summary>
    public static int Common(Dictionary<string, int> one, Dictionary<string, int> other) =>
        one.Sum(run => Math.Min(run.Value, other.GetValueOrDefault(run.Key)));
}
