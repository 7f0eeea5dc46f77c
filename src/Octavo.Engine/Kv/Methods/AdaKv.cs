namespace Octavo.Engine.Kv;

/// <summary>
/// A wrapper: one cut over all heads of a layer, so that a head with many good tokens keeps more than one with few; each is safe for a share
/// of its own. Feng et al., "Ada-KV: Optimizing KV Cache Eviction by Adaptive Budget Allocation for Efficient LLM Inference"
/// (arXiv 2407.11550); reference: kvpress AdaKVPress, which masks; here heads store different numbers of tokens, and memory is saved.
/// </summary>
/// <param name="Inner">What rates the tokens.</param>
public sealed record AdaKv(ScoredMethod Inner) : WrapperMethod(Inner)
{
    /// <inheritdoc/>
    protected override string Wrapper => "adakv";

    /// <summary>The share of its even budget that a head keeps in any case.</summary>
    public double Safeguard { get; init; } = 0.2;

    /// <inheritdoc/>
    public override int[][]? Compress(KvLayer layer)
    {
        var keep = Math.Max(1, Inner.Keep(layer));
        if (keep >= layer.Tokens)
            return null;
        var scores = Inner.Score(layer);
        foreach (ref var head in scores.AsSpan())
        {
            // methods that rate all heads alike give one list for all
            head = [.. head];
            foreach (var token in Best.Of(head, Math.Max(1, (int)(keep * Safeguard))))
                head[token] = float.PositiveInfinity;
        }
        var kept = Best.Of(scores.SelectMany(head => head).ToArray(), keep * scores.Length);
        return [.. scores.Select((_, head) => kept.Where(at => at / layer.Tokens == head).Select(at => at % layer.Tokens).ToArray())];
    }

    /// <inheritdoc/>
    protected override void AddProblems(ICollection<string> problems)
    {
        base.AddProblems(problems);
        if (Safeguard is < 0 or > 1 or double.NaN)
            problems.Add($"safeguard is {Safeguard}; give 0 to 1.");
    }
}
