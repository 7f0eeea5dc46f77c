namespace Octavo.Engine.Kv;

/// <summary>
/// Keeps the keys that are short: they draw attention. Devoto et al., "A Simple and Effective L2 Norm-Based Strategy for KV Cache
/// Compression" (arXiv 2406.11430); reference: kvpress KnormPress. O(n) to score, no query needed; stored: the budget.
/// </summary>
public sealed record Knorm : ScoredMethod
{
    /// <inheritdoc/>
    public override string Name => "knorm";

    /// <inheritdoc/>
    public override float[][] Score(KvLayer layer)
    {
        var scores = new float[layer.StoredHeads][];
        for (var head = 0; head < scores.Length; head++)
        {
            var kvHead = layer.KvHeadOf(head);
            scores[head] = new float[layer.Tokens];
            for (var i = 0; i < layer.Tokens; i++)
                scores[head][i] = -MathF.Sqrt(KvLayer.Dot(layer.Key(kvHead, i), layer.Key(kvHead, i)));
        }
        return scores;
    }
}
