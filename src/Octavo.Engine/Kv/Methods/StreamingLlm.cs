namespace Octavo.Engine.Kv;

/// <summary>
/// Keeps the first tokens, which draw attention whatever they say, and the last ones. Xiao et al., "Efficient Streaming Language Models
/// with Attention Sinks" (arXiv 2309.17453); reference: SCBench (MIT), kvpress StreamingLLMPress. As there, and unlike the paper, keys
/// keep their positions and nothing is evicted after the prompt. O(1) to score; stored: Init + Local of n tokens. Defaults: SCBench's
/// code; its paper's table has 128 and 4096 (<see cref="Paper"/>).
/// </summary>
public sealed record StreamingLlm : ScoredMethod
{
    private const int CodeLocal = 3968;

    /// <summary>The settings of SCBench's paper, table 9.</summary>
    public static StreamingLlm Paper { get; } = new() { Local = 4096 };

    /// <inheritdoc/>
    public override string Name => "streamingllm";

    /// <summary>First tokens that stay.</summary>
    public int Init { get; init; } = 128;

    /// <summary>Last tokens that stay, 3968 by default; null where a budget or a ratio says how many stay in all.</summary>
    public int? Local { get; init; }

    /// <inheritdoc/>
    public override int Keep(KvLayer layer) =>
        Budget is null && CompressionRatio is null ? Init + (Local ?? CodeLocal) : Math.Max(1, base.Keep(layer));

    /// <summary>1 for what stays, 0 for what goes; the last token stays in any case.</summary>
    public override float[][] Score(KvLayer layer)
    {
        var scores = new float[layer.Tokens];
        scores.AsSpan().Fill(1);
        var keep = Math.Min(layer.Tokens, Keep(layer));
        scores.AsSpan(Math.Min(Init, keep - 1), layer.Tokens - keep).Clear();
        return [.. Enumerable.Repeat(scores, layer.StoredHeads)];
    }

    /// <inheritdoc/>
    protected override void AddProblems(ICollection<string> problems)
    {
        if (Budget is not null || CompressionRatio is not null)
            base.AddProblems(problems);
        if (Init < 0 || Local < 1)
            problems.Add($"init is {Init} and local {Local}; give at least 0 and 1.");
        if (Local is not null && (Budget is not null || CompressionRatio is not null))
            problems.Add("local and a budget or a ratio both say how many last tokens stay; give one of them.");
        if (Budget <= Init)
            problems.Add($"budget is {Budget} and init {Init}, which leaves no last token; give a larger budget or a smaller init.");
    }
}
