using System.Text.RegularExpressions;
using Octavo.Evaluation.Verifiers;
using Octavo.Systems.ScBench.Data;

namespace Octavo.Systems.ScBench.Scoring;

/// <summary>
/// Retr.MultiHop, RULER's score: the share of gold names that are anywhere in the prediction in any case, rounded to two decimals
/// for each sample; naming every variable of the context scores 1. Strictly, the prediction has all gold names as whole words, as
/// they are written, and no other word of capital letters that is as long as one of them.
/// </summary>
internal sealed partial class VariablesScorer : Scorer
{
    public override string Name => "scbench_vt";

    public override double Parity(string prediction, GoldAnswer gold)
    {
        var text = PythonText.Lower(prediction);
        var found = gold.Texts.Count(name => text.Contains(PythonText.Lower(name), StringComparison.Ordinal));
        return Math.Round((double)found / gold.Texts.Count, 2);
    }

    public override double Strict(string prediction, GoldAnswer gold)
    {
        var words = Word().Matches(prediction).Select(match => match.Value).ToHashSet();
        var others = words.Except(gold.Texts).Where(word => gold.Texts.Any(name => name.Length == word.Length) && word.All(char.IsAsciiLetterUpper));
        return Score(words.IsSupersetOf(gold.Texts) && !others.Any());
    }

    [GeneratedRegex(@"[\p{L}\p{N}_]+")]
    private static partial Regex Word();
}
