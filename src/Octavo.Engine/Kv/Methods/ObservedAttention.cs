namespace Octavo.Engine.Kv;

/// <summary>
/// Keeps what got most attention over the whole prompt, on the average of the queries that could see it. Reference: kvpress
/// ObservedAttentionPress. Unlike <see cref="H2O"/> no place is reserved for recent tokens. O(n²) to note, as the attention itself.
/// </summary>
public sealed record ObservedAttention : ScoredMethod
{
    /// <inheritdoc/>
    public override string Name => "observed_attention";

    /// <inheritdoc/>
    public override KvNeeds Needs => new() { ColumnSums = true };

    /// <inheritdoc/>
    public override float[][] Score(KvLayer layer)
    {
        var perHead = new float[layer.Heads][];
        for (var head = 0; head < layer.Heads; head++)
        {
            perHead[head] = layer.ColumnSums(head).ToArray();
            for (var i = 0; i < layer.Tokens; i++)
                perHead[head][i] /= layer.Tokens - i;
        }
        return layer.Grouped(perHead);
    }
}
