namespace Octavo.Engine.Kv;

/// <summary>
/// A wrapper: keeps or drops whole chunks of neighbouring tokens, the same in every head, by their mean score. Liu et al., "ChunkKV:
/// Semantic-Preserving KV Cache Compression for Efficient Long-Context LLM Inference" (arXiv 2502.00299); reference: kvpress ChunkKVPress.
/// </summary>
/// <param name="Inner">What rates the tokens.</param>
public sealed record ChunkKv(ScoredMethod Inner) : WrapperMethod(Inner)
{
    /// <inheritdoc/>
    protected override string Wrapper => "chunkkv";

    /// <summary>Tokens of a chunk; the last one may be shorter.</summary>
    public int ChunkLength { get; init; } = 20;

    /// <inheritdoc/>
    public override int[][]? Compress(KvLayer layer)
    {
        var keep = Math.Max(1, Inner.Keep(layer));
        if (keep >= layer.Tokens)
            return null;
        var scores = Inner.Score(layer);
        if (layer.Tokens < ChunkLength)
            return [.. scores.Select(head => Best.Of(head, keep))];
        var means = new float[(layer.Tokens + ChunkLength - 1) / ChunkLength];
        for (var chunk = 0; chunk < means.Length; chunk++)
        {
            var (from, to) = (chunk * ChunkLength, Math.Min(layer.Tokens, (chunk + 1) * ChunkLength));
            means[chunk] = scores.Sum(head => head[from..to].Sum()) / (to - from);
        }
        var chunks = Best.Of(means, Math.Max(1, (int)((long)means.Length * keep / layer.Tokens)));
        var kept = chunks.SelectMany(chunk => Enumerable.Range(chunk * ChunkLength, Math.Min(ChunkLength, layer.Tokens - (chunk * ChunkLength)))).ToArray();
        return [.. Enumerable.Repeat(kept, scores.Length)];
    }

    /// <inheritdoc/>
    protected override void AddProblems(ICollection<string> problems)
    {
        base.AddProblems(problems);
        if (ChunkLength < 1)
            problems.Add($"chunk_length is {ChunkLength}; give at least 1.");
    }
}
