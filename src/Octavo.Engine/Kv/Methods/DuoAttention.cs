namespace Octavo.Engine.Kv;

/// <summary>
/// Some heads retrieve and keep everything; the others only need the first and the last tokens. Xiao et al., "DuoAttention: Efficient
/// Long-Context LLM Inference with Retrieval and Streaming Heads" (arXiv 2410.10819); reference: kvpress DuoAttentionPress. Which heads
/// retrieve is known from training, not from the prompt: scores per layer and key-value head are given. As in kvpress, tokens that
/// come later push none out. O(1); stored: all tokens of retrieving heads, Sinks + Recent of the others.
/// </summary>
public sealed record DuoAttention : KvMethod
{
    /// <inheritdoc/>
    public override string Name => "duo_attention";

    /// <summary>How much each head retrieves: [layers][key-value heads].</summary>
    public IReadOnlyList<IReadOnlyList<double>> HeadScores { get; init; } = [];

    /// <summary>The share of all heads that stream: those with the lowest scores.</summary>
    public double StreamingShare { get; init; } = 0.5;

    /// <summary>First tokens that a streaming head keeps.</summary>
    public int Sinks { get; init; } = 128;

    /// <summary>Last tokens that a streaming head keeps.</summary>
    public int Recent { get; init; } = 256;

    /// <inheritdoc/>
    public override int[][]? Compress(KvLayer layer)
    {
        if (HeadScores.Count != layer.Layers || HeadScores[layer.Layer].Count != layer.KvHeads)
            throw new Core.ConfigException($"{Name}: head_scores has {HeadScores.Count} layers; the model has {layer.Layers} of {layer.KvHeads} key-value heads, and each needs a score.");
        var ranked = HeadScores.SelectMany((heads, at) => heads.Select((score, head) => (score, at, head))).OrderBy(head => head.score);
        var streaming = ranked.Take((int)Math.Round(layer.Layers * layer.KvHeads * StreamingShare, MidpointRounding.ToEven))
            .Where(head => head.at == layer.Layer).Select(head => head.head).ToHashSet();
        if (streaming.Count == 0 || layer.Tokens <= Sinks + Recent)
            return null;
        int[] all = [.. Enumerable.Range(0, layer.Tokens)];
        int[] ends = [.. all[..Sinks], .. all[^Recent..]];
        return [.. Enumerable.Range(0, layer.KvHeads).Select(head => streaming.Contains(head) ? ends : all)];
    }

    /// <inheritdoc/>
    protected override void AddProblems(ICollection<string> problems)
    {
        if (HeadScores.Count == 0)
            problems.Add("give head_scores: which heads retrieve cannot be told from a prompt.");
        if (StreamingShare is < 0 or > 1 or double.NaN)
            problems.Add($"streaming_share is {StreamingShare}; give 0 to 1.");
        if (Sinks < 0 || Recent < 1)
            problems.Add($"sinks is {Sinks} and recent {Recent}; give at least 0 and 1.");
    }
}
