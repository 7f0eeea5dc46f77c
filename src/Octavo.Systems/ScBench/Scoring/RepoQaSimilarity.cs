using Octavo.Evaluation.TextMetrics;
using Octavo.Evaluation.Verifiers;

namespace Octavo.Systems.ScBench.Scoring;

/// <summary>How alike two functions are, as RepoQA (arXiv 2406.06025) measures it: BLEU over what blanks separate; 0 for an empty
/// candidate.</summary>
internal static class RepoQaSimilarity
{
    /// <summary>The similarity, 0 to 1.</summary>
    /// <param name="candidate">The code that a model wrote.</param>
    /// <param name="reference">The function that was asked for.</param>
    public static double Of(string candidate, string reference)
    {
        var tokens = PythonText.Split(candidate);
        return tokens.Length == 0 ? 0 : SentenceBleu.Of(tokens, PythonText.Split(reference));
    }
}
