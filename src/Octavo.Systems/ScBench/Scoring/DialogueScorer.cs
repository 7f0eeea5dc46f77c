using Octavo.Evaluation.TextMetrics;
using Octavo.Evaluation.Verifiers;
using Octavo.Systems.ScBench.Data;

namespace Octavo.Systems.ScBench.Scoring;

/// <summary>
/// En.QA. The released code scores it with InfiniteBench's scorer for dialogues: any gold text anywhere in the prediction, in upper
/// case, also inside of a word; of a gold text that is no list, any of its characters. Strictly, a gold text must be there as whole
/// words, without regard to case, punctuation and articles.
/// </summary>
internal sealed class DialogueScorer : Scorer
{
    public override string Name => "longdialogue_qa_eng";

    public override double Parity(string prediction, GoldAnswer gold) => ParityOf(prediction, gold);

    /// <summary>The released score, which serves many-shot too.</summary>
    public static double ParityOf(string prediction, GoldAnswer gold)
    {
        var text = PythonText.Upper(PythonText.Strip(prediction));
        var golds = gold.IsList ? gold.Texts : Characters.Of(gold.Said);
        return Score(golds.Any(wanted => text.Contains(PythonText.Upper(wanted), StringComparison.Ordinal)));
    }

    public override double Strict(string prediction, GoldAnswer gold)
    {
        var words = SquadAnswer.Words(prediction);
        return Score(gold.Texts.Select(SquadAnswer.Words).Any(wanted => wanted.Count > 0 && Holds(words, wanted)));
    }

    private static bool Holds(IReadOnlyList<string> words, IReadOnlyList<string> wanted) =>
        Enumerable.Range(0, Math.Max(0, words.Count - wanted.Count + 1)).Any(at => words.Skip(at).Take(wanted.Count).SequenceEqual(wanted));
}
