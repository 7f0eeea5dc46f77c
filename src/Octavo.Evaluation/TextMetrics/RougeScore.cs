namespace Octavo.Evaluation.TextMetrics;

/// <summary>What one kind of ROUGE gives.</summary>
/// <param name="Precision">The share of the prediction that is in the reference.</param>
/// <param name="Recall">The share of the reference that is in the prediction.</param>
internal readonly record struct RougeScore(double Precision, double Recall)
{
    /// <summary>Their harmonic mean; 0 where both are 0.</summary>
    public double F => Precision + Recall > 0 ? 2 * Precision * Recall / (Precision + Recall) : 0;

    /// <summary>Shares of hits; of an empty side nothing is hit.</summary>
    public static RougeScore Of(int hits, int prediction, int reference) =>
        prediction == 0 || reference == 0 ? default : new RougeScore((double)hits / prediction, (double)hits / reference);
}
