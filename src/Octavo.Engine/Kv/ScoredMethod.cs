namespace Octavo.Engine.Kv;

/// <summary>
/// A method that rates every token and keeps the best. A subclass writes <see cref="Score"/>; how many are kept is a budget of tokens or
/// a share that is removed. A <see cref="WrapperMethod"/> takes any of these.
/// </summary>
public abstract record ScoredMethod : KvMethod
{
    /// <summary>Tokens that each head keeps in each layer; null where <see cref="CompressionRatio"/> says it.</summary>
    public int? Budget { get; init; }

    /// <summary>The share of the tokens that is removed, at least 0 and below 1; null where <see cref="Budget"/> says it.</summary>
    public double? CompressionRatio { get; init; }

    /// <summary>Whether every query head keeps tokens of its own, as SCBench's code does.</summary>
    public bool PerQueryHead { get; init; }

    /// <inheritdoc/>
    public override bool StoresQueryHeads => PerQueryHead;

    /// <summary>Whether it can choose again while tokens are generated: it must not need what is known of the whole prompt only.</summary>
    public virtual bool SuitsDecoding => !Needs.ColumnSums && Needs.MomentsFrom is null && !PerQueryHead;

    /// <summary>Rates the tokens; the highest are kept.</summary>
    /// <param name="layer">One layer.</param>
    /// <returns>[stored heads][tokens]: one list per <see cref="KvLayer.StoredHeads"/>.</returns>
    public abstract float[][] Score(KvLayer layer);

    /// <summary>How many tokens each head of a layer keeps.</summary>
    public virtual int Keep(KvLayer layer) =>
        Budget ?? (CompressionRatio is { } ratio ? (int)(layer.Tokens * (1 - ratio)) : layer.Tokens);

    /// <inheritdoc/>
    public override int[][]? Compress(KvLayer layer)
    {
        var keep = Math.Max(1, Keep(layer));
        return keep >= layer.Tokens ? null : [.. Score(layer).Select(scores => Best.Of(scores, keep))];
    }

    /// <inheritdoc/>
    protected override void AddProblems(ICollection<string> problems)
    {
        if (Budget is null == CompressionRatio is null)
            problems.Add("give either budget (tokens that are kept) or compression_ratio (the share that is removed).");
        if (Budget < 1)
            problems.Add($"budget is {Budget}; give at least 1.");
        if (CompressionRatio is < 0 or >= 1 or double.NaN)
            problems.Add($"compression_ratio is {CompressionRatio}; give at least 0 and less than 1.");
    }
}
