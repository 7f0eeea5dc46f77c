namespace Octavo.Engine.Kv;

/// <summary>
/// Keeps the keys that point elsewhere than most. Park et al., "KeyDiff: Key Similarity-Based KV Cache Eviction for Long-Context LLM
/// Inference in Resource-Constrained Environments" (arXiv 2504.15364); reference: kvpress KeyDiffPress. O(n) to score, no query needed.
/// </summary>
public sealed record KeyDiff : ScoredMethod
{
    /// <inheritdoc/>
    public override string Name => "keydiff";

    /// <summary>Minus the cosine of a key with the mean direction.</summary>
    public override float[][] Score(KvLayer layer)
    {
        var scores = new float[layer.StoredHeads][];
        for (var head = 0; head < scores.Length; head++)
            scores[head] = Score(layer, layer.KvHeadOf(head));
        return scores;
    }

    private static float[] Score(KvLayer layer, int kvHead)
    {
        var (scores, mean) = (new float[layer.Tokens], new float[layer.HeadDim]);
        var norms = new float[layer.Tokens];
        for (var i = 0; i < layer.Tokens; i++)
        {
            var key = layer.Key(kvHead, i);
            norms[i] = MathF.Max(MathF.Sqrt(KvLayer.Dot(key, key)), 1e-12f);
            for (var d = 0; d < mean.Length; d++)
                mean[d] += key[d] / norms[i] / layer.Tokens;
        }
        var norm = MathF.Max(MathF.Sqrt(KvLayer.Dot(mean, mean)), 1e-12f);
        for (var i = 0; i < layer.Tokens; i++)
            scores[i] = -KvLayer.Dot(layer.Key(kvHead, i), mean) / (norms[i] * norm);
        return scores;
    }
}
