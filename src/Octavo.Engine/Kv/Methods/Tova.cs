namespace Octavo.Engine.Kv;

/// <summary>
/// Keeps what the last token looks at, the same in every head. Oren et al., "Transformers are Multi-State RNNs" (arXiv 2401.06104);
/// reference: kvpress TOVAPress. Chosen once, after the prompt. O(n) to score; stored: the budget.
/// </summary>
public sealed record Tova : ScoredMethod
{
    /// <inheritdoc/>
    public override string Name => "tova";

    /// <inheritdoc/>
    public override KvNeeds Needs => new() { Queries = 1 };

    /// <inheritdoc/>
    public override float[][] Score(KvLayer layer)
    {
        var last = layer.Tokens - 1;
        var (mean, weights) = (new float[layer.Tokens], new float[layer.Tokens]);
        for (var head = 0; head < layer.Heads; head++)
        {
            layer.Attention(last, head, weights);
            for (var i = 0; i < last; i++)
                mean[i] += weights[i] / layer.Heads;
        }
        mean[last] = mean.Max() + 1;
        return [.. Enumerable.Repeat(mean, layer.StoredHeads)];
    }
}
