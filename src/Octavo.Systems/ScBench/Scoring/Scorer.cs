using Octavo.Systems.ScBench.Data;

namespace Octavo.Systems.ScBench.Scoring;

/// <summary>
/// Scores a prediction, 0 to 1, twice: as the released code does, quirks included, so that figures can be compared with published
/// ones; and strictly, as a reader would. Both are pure functions and safe to call from many threads.
/// </summary>
internal abstract class Scorer
{
    /// <summary>What the released code calls it.</summary>
    public abstract string Name { get; }

    /// <summary>The score of the released code.</summary>
    /// <param name="prediction">What the model wrote.</param>
    /// <param name="gold">What it should have written.</param>
    public abstract double Parity(string prediction, GoldAnswer gold);

    /// <summary>Our own score, which gives nothing for what only looks right.</summary>
    /// <param name="prediction">What the model wrote.</param>
    /// <param name="gold">What it should have written.</param>
    public abstract double Strict(string prediction, GoldAnswer gold);

    /// <summary>1 for yes.</summary>
    protected static double Score(bool holds) => holds ? 1 : 0;
}
