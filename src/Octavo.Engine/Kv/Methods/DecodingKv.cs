namespace Octavo.Engine.Kv;

/// <summary>
/// A wrapper: compresses again while tokens are generated, each time that so many have come. Reference: kvpress DecodingPress. Without it a
/// long answer, or a long conversation, grows the cache without bound. The prompt is left whole until then.
/// </summary>
/// <param name="Inner">What rates the tokens; its budget is what each head keeps.</param>
public sealed record DecodingKv(ScoredMethod Inner) : WrapperMethod(Inner)
{
    /// <inheritdoc/>
    protected override string Wrapper => "decoding";

    /// <summary>Tokens after which the cache is cut, counted from the prompt's end or from the last cut.</summary>
    public int CompressionInterval { get; init; } = 512;

    /// <inheritdoc/>
    public override int? Interval => CompressionInterval;

    /// <inheritdoc/>
    public override int[][]? Compress(KvLayer layer) =>
        layer.IsPrompt ? null : Inner.Compress(layer);

    /// <inheritdoc/>
    protected override void AddProblems(ICollection<string> problems)
    {
        base.AddProblems(problems);
        if (CompressionInterval < 1)
            problems.Add($"compression_interval is {CompressionInterval}; give at least 1.");
        if (Inner.CompressionRatio is not null)
            problems.Add("a ratio of what is stored would shrink it again and again; give the method a budget.");
        if (!Inner.SuitsDecoding)
            problems.Add($"'{Inner.Name}' cannot be used while tokens are generated: what it needs is known of the prompt only. Use snapkv, tova, knorm, keydiff or streamingllm.");
    }
}
