namespace Octavo.Engine.Kv;

/// <summary>A wrapper: a ratio of its own for each layer. Reference: kvpress PerLayerCompressionPress.</summary>
/// <param name="Inner">What rates the tokens.</param>
public sealed record PerLayerKv(ScoredMethod Inner) : WrapperMethod(Inner)
{
    /// <inheritdoc/>
    protected override string Wrapper => "per_layer";

    /// <summary>The share of the tokens that each layer removes.</summary>
    public IReadOnlyList<double> CompressionRatios { get; init; } = [];

    /// <inheritdoc/>
    public override int[][]? Compress(KvLayer layer) => CompressionRatios.Count == layer.Layers
        ? (Inner with { Budget = null, CompressionRatio = CompressionRatios[layer.Layer] }).Compress(layer)
        : throw new Core.ConfigException($"{Name}: {CompressionRatios.Count} ratios are given; the model has {layer.Layers} layers.");

    /// <inheritdoc/>
    protected override void AddProblems(ICollection<string> problems)
    {
        (Inner with { Budget = null, CompressionRatio = 0 }).Validate();
        if (CompressionRatios.Count == 0 || CompressionRatios.Any(ratio => ratio is < 0 or >= 1 or double.NaN))
            problems.Add("give compression_ratios: one per layer, at least 0 and less than 1.");
    }
}
