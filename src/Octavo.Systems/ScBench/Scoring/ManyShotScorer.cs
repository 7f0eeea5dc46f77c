using Octavo.Systems.ScBench.Data;

namespace Octavo.Systems.ScBench.Scoring;

/// <summary>
/// ICL.ManyShot. The released code walks through the gold text, so a bare letter scores wherever it occurs in the upper-cased
/// prediction: "none of these" has an E. Strictly, the option that the prediction chooses must be the gold one.
/// </summary>
internal sealed class ManyShotScorer : Scorer
{
    public override string Name => "scbench_many_shot";

    public override double Parity(string prediction, GoldAnswer gold) => DialogueScorer.ParityOf(prediction, gold);

    public override double Strict(string prediction, GoldAnswer gold) => Score(OptionLetter.Read(prediction) == gold.Said.Trim('(', ')'));
}
