using Octavo.Evaluation.TextMetrics;
using Octavo.Systems.ScBench.Data;

namespace Octavo.Systems.ScBench.Scoring;

/// <summary>
/// F1 over words as in SQuAD, the best of the gold texts. It is in the released code, but no task of SCBench uses it (En.QA goes to
/// <see cref="DialogueScorer"/>). Strictly, the words must be the same in the same order.
/// </summary>
internal sealed class EnglishAnswerScorer : Scorer
{
    public override string Name => "longbook_qa_eng";

    public override double Parity(string prediction, GoldAnswer gold)
    {
        var words = SquadAnswer.Words(prediction);
        return gold.Texts.Max(text => TokenF1.Of(words, SquadAnswer.Words(text)));
    }

    public override double Strict(string prediction, GoldAnswer gold)
    {
        var words = SquadAnswer.Words(prediction);
        return Score(gold.Texts.Select(SquadAnswer.Words).Any(wanted => wanted.SequenceEqual(words)));
    }
}
