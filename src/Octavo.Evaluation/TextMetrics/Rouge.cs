using System.Text.RegularExpressions;
using Octavo.Evaluation.Verifiers;

namespace Octavo.Evaluation.TextMetrics;

/// <summary>
/// ROUGE (Lin 2004) as the package rouge-score computes it. Its tokens are runs of a to z and 0 to 9 of the lower-cased text, so a
/// text in another script has none; <see cref="AnyScript"/> lifts that.
/// </summary>
internal sealed partial record Rouge
{
    // rouge-score leaves shorter words as they are
    private const int LongestUnstemmed = 3;

    /// <summary>Whether words longer than three letters are reduced to their stem.</summary>
    public bool Stem { get; init; }

    /// <summary>Whether letters and digits of every script count, which is not what the package does.</summary>
    public bool AnyScript { get; init; }

    /// <summary>ROUGE-1, ROUGE-2 …: runs of tokens that both have.</summary>
    /// <param name="prediction">What is judged.</param>
    /// <param name="reference">What it should be.</param>
    /// <param name="order">Tokens of a run, at least 1.</param>
    public RougeScore N(string prediction, string reference, int order)
    {
        var (ours, theirs) = (NGrams.Count(Tokens(prediction), order), NGrams.Count(Tokens(reference), order));
        // the package divides by at least 1, so that a side without runs gives 0
        return RougeScore.Of(NGrams.Common(ours, theirs), ours.Values.Sum(), theirs.Values.Sum());
    }

    /// <summary>ROUGE-L: the longest common subsequence of the whole texts.</summary>
    public RougeScore L(string prediction, string reference)
    {
        var (ours, theirs) = (Tokens(prediction), Tokens(reference));
        return RougeScore.Of(CommonSubsequence.Length(theirs, ours), ours.Count, theirs.Count);
    }

    /// <summary>
    /// ROUGE-Lsum: for each line of the reference the tokens of it that lie on a longest common subsequence with some line of the
    /// prediction, each token counted as often as both texts have it.
    /// </summary>
    public RougeScore LSum(string prediction, string reference)
    {
        var (ours, theirs) = (Lines(prediction), Lines(reference));
        var (left, wanted) = (Counts(ours), Counts(theirs));
        var hits = 0;
        foreach (var line in theirs)
        {
            foreach (var at in ours.SelectMany(other => CommonSubsequence.Places(line, other)).Distinct().Order())
            {
                var token = line[at];
                if (left.GetValueOrDefault(token) == 0 || wanted[token] == 0)
                    continue;
                hits++;
                left[token]--;
                wanted[token]--;
            }
        }
        return RougeScore.Of(hits, ours.Sum(line => line.Count), theirs.Sum(line => line.Count));
    }

    private List<List<string>> Lines(string text) => [.. text.Split('\n').Where(line => line.Length > 0).Select(Tokens)];

    private List<string> Tokens(string text) =>
    [
        .. (AnyScript ? Word() : AsciiWord()).Matches(PythonText.Lower(text)).Select(match => match.Value)
            .Select(word => Stem && word.Length > LongestUnstemmed ? PorterStemmer.Stem(word) : word),
    ];

    private static Dictionary<string, int> Counts(List<List<string>> lines) => lines.SelectMany(line => line).CountBy(token => token).ToDictionary();

    [GeneratedRegex("[a-z0-9]+")]
    private static partial Regex AsciiWord();

    [GeneratedRegex(@"[\p{L}\p{M}\p{N}]+")]
    private static partial Regex Word();
}
