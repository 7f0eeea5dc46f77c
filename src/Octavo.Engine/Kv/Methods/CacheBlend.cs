namespace Octavo.Engine.Kv;

/// <summary>
/// Pieces of text that were read before, anywhere in another prompt, are not read again: their keys and values, computed alone, are moved to
/// their new place, and only the tokens whose values suffer most from what they did not see are computed anew. Yao et al., "CacheBlend" (arXiv 2405.16444);
/// reference: LMCache, as SCBench uses it. The first layer runs all tokens; the second one compares values and picks; the picked ones and all
/// text that is not in a chunk run on. Unlike there, prompts are cut into chunks of a fixed number of tokens and need no separators, and a
/// chunk is found wherever it stands. With a ratio of 1 the prompt is what it would be without the method, bit for bit.
/// O(n) to find; a chunk that is seen for the first time is computed alone behind its prompt, which then costs up to twice as much.
/// </summary>
public sealed record CacheBlend : KvMethod
{
    /// <summary>Tokens of a chunk.</summary>
    public int Chunk { get; init; } = 256;

    /// <summary>The share of the chunks' tokens that is computed anew, 0 to 1.</summary>
    public double Ratio { get; init; } = 0.15;

    /// <summary>Where fewer tokens are found in chunks, nothing is blended.</summary>
    public int MinTokens { get; init; } = 256;

    /// <inheritdoc/>
    public override string Name => "cacheblend";

    /// <inheritdoc/>
    public override KvBlend? Blend => new KvBlend(Chunk, Ratio, MinTokens);

    /// <inheritdoc/>
    protected override void AddProblems(ICollection<string> problems)
    {
        if (Chunk < 1 || Chunk % Cache.PagePool.Positions != 0)
            problems.Add($"chunk is {Chunk}; give a multiple of {Cache.PagePool.Positions}.");
        if (Ratio is not (>= 0 and <= 1))
            problems.Add($"ratio is {Ratio}; give 0 to 1.");
        if (MinTokens < 0)
            problems.Add($"min_tokens is {MinTokens}; give at least 0.");
    }
}
