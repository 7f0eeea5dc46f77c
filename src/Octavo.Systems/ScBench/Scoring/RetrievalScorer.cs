using Octavo.Systems.ScBench.Data;

namespace Octavo.Systems.ScBench.Scoring;

/// <summary>
/// Key-value and prefix-suffix retrieval. The released code looks for the gold text anywhere in the prediction, as it is written: a
/// prediction that recites the context, or that says the text as part of a longer one, scores too. Strictly, the first line must
/// say it and nothing else.
/// </summary>
internal sealed class RetrievalScorer : Scorer
{
    public override string Name => "kv_retrieval";

    public override double Parity(string prediction, GoldAnswer gold) => Score(prediction.Contains(gold.Said, StringComparison.Ordinal));

    public override double Strict(string prediction, GoldAnswer gold) => Score(FreeAnswer.Is(prediction, gold.Said));
}
