using Octavo.Engine.Kv;

namespace Octavo.Systems.ScBench.Running;

/// <summary>What a turn gave and took.</summary>
/// <param name="Turn">Its number, from 1.</param>
/// <param name="Prediction">What the model wrote.</param>
/// <param name="Read">Tokens that were read for it. Of requests, without the context that they share.</param>
/// <param name="Generated">Tokens that were generated, an end of text not among them.</param>
/// <param name="StoredBytes">Bytes of the pages that hold what the next turn finds, once the turn's tokens were read.</param>
/// <param name="PeakBytes">The most that the sequence held up to the end of its answer, before a method compressed it too.</param>
/// <param name="FirstToken">From the turn's arrival to its first token. Of requests, without the reading of the context.</param>
/// <param name="PerToken">Mean time of each further token; zero where there was none.</param>
internal sealed record TurnAnswer(
    int Turn, string Prediction, int Read, int Generated, long StoredBytes, long PeakBytes, TimeSpan FirstToken, TimeSpan PerToken)
{
    /// <summary>What attention computed for it, the reading of the context at the first turn or request. Predictions files do not have it.</summary>
    public AttentionWork Work { get; init; }
}
