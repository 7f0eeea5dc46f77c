using Octavo.Evaluation.TextMetrics;
using Octavo.Systems.ScBench.Data;

namespace Octavo.Systems.ScBench.Scoring;

/// <summary>
/// En.Sum: the F-measure of ROUGE-Lsum without stemming. The released tokens are ASCII letters and digits, so a summary in another
/// script scores 0 even if it is the reference. Strictly, letters and digits of every script count.
/// </summary>
internal sealed class SummaryScorer : Scorer
{
    private static readonly Rouge _released = new();
    private static readonly Rouge _anyScript = new() { AnyScript = true };

    public override string Name => "scbench_summary";

    public override double Parity(string prediction, GoldAnswer gold) => _released.LSum(prediction, gold.Said).F;

    public override double Strict(string prediction, GoldAnswer gold) => _anyScript.LSum(prediction, gold.Said).F;
}
