namespace Octavo.Engine.Kv;

/// <summary>
/// SnapKV with more tokens for low layers than for high ones, the same on the whole. Cai et al., "PyramidKV: Dynamic KV Cache Compression
/// based on Pyramidal Information Funneling" (arXiv 2406.02069); references: kvpress PyramidKVPress for a ratio (budgets include the window;
/// where the smallest were below it all are alike), SCBench's formula for a budget (without the window; long prompts only). O(Window · n).
/// </summary>
public sealed record PyramidKv : SnapKv
{
    /// <inheritdoc/>
    public override string Name => "pyramidkv";

    /// <summary>How steep: the least budget of a layer is the mean over so much.</summary>
    public int Beta { get; init; } = 20;

    /// <summary>Its budgets are those of a prompt.</summary>
    public override bool SuitsDecoding => false;

    /// <inheritdoc/>
    public override int Keep(KvLayer layer) => Budget is { } budget
        ? Math.Min(layer.Tokens, Window + (OfCapacity(layer.Tokens, budget, layer.Layers)?[layer.Layer] ?? layer.Tokens))
        : OfRatio(layer.Tokens, CompressionRatio ?? 0, layer.Layers, layer.Layer);

    /// <summary>SCBench's budgets of all layers, without the window; null where everything stays.</summary>
    /// <param name="tokens">Tokens of the prompt (n).</param>
    /// <param name="capacity">Tokens of a layer on the average, the window among them (C).</param>
    /// <param name="layers">Layers (L).</param>
    public int[]? OfCapacity(int tokens, int capacity, int layers)
    {
        if (tokens < capacity)
            return null;
        var mean = capacity - Window;
        if (tokens < 2 * mean || layers == 1)
            return [.. Enumerable.Repeat(mean, layers)];
        var least = mean / Beta;
        var most = (2 * mean) - least;
        if (most >= tokens - Window)
            (most, least) = (tokens - Window, (2 * mean) - (tokens - Window));
        var step = (most - least) / (layers - 1);
        // short prompts could ask for less than nothing
        return [.. Enumerable.Range(0, layers).Select(layer => Math.Max(0, most - (layer * step)))];
    }

    /// <summary>kvpress's budget of a layer, the window among it.</summary>
    public int OfRatio(int tokens, double ratio, int layers, int layer)
    {
        var mean = tokens * (1 - ratio);
        var least = mean / Beta;
        var most = (2 * mean) - least;
        if (most >= tokens - Window)
            (most, least) = (tokens - Window, (2 * mean) - (tokens - Window));
        if (!(tokens >= most && most >= least && least >= Window))
            return (int)Math.Round(tokens * (1 - ratio), MidpointRounding.ToEven);
        return (int)Math.Round(most - (layer * ((most - least) / Math.Max(1, layers - 1))), MidpointRounding.ToEven);
    }

    /// <inheritdoc/>
    protected override void AddProblems(ICollection<string> problems)
    {
        base.AddProblems(problems);
        if (Beta < 1)
            problems.Add($"beta is {Beta}; give at least 1.");
    }
}
