namespace Octavo.Engine.Kv;

/// <summary>
/// Keeps the heavy hitters, the tokens that got most attention in sum, and as many recent ones. Zhang et al., "H2O: Heavy-Hitter Oracle for
/// Efficient Generative Inference of Large Language Models" (arXiv 2306.14048). Chosen once, after the prompt; the paper evicts at each
/// step. O(n²) to note, as the attention itself; stored: the budget.
/// </summary>
public sealed record H2O : ScoredMethod
{
    /// <inheritdoc/>
    public override string Name => "h2o";

    /// <inheritdoc/>
    public override KvNeeds Needs => new() { ColumnSums = true };

    /// <inheritdoc/>
    public override float[][] Score(KvLayer layer)
    {
        var perHead = new float[layer.Heads][];
        for (var head = 0; head < layer.Heads; head++)
            perHead[head] = layer.ColumnSums(head).ToArray();
        var scores = layer.Grouped(perHead);
        foreach (var head in scores)
            head.AsSpan(layer.Tokens - Math.Min(layer.Tokens, Keep(layer) / 2)).Fill(float.PositiveInfinity);
        return scores;
    }
}
