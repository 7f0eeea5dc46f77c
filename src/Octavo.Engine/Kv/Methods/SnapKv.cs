namespace Octavo.Engine.Kv;

/// <summary>
/// Keeps what the last queries of the prompt look at, smoothed over neighbours, and those queries' own tokens. Li et al., "SnapKV: LLM
/// Knows What You are Looking for Before Generation" (arXiv 2404.14469); reference: kvpress SnapKVPress, SCBench. As in kvpress, attention
/// is averaged over window and group; with <see cref="ScoredMethod.PerQueryHead"/> each query head keeps its own, as SCBench's code does.
/// O(Window · n) to score; stored: the budget. What the window sees decides everything: a question at the end of the prompt, or none.
/// </summary>
public record SnapKv : ScoredMethod
{
    /// <inheritdoc/>
    public override string Name => "snapkv";

    /// <summary>Last queries that choose, and whose tokens stay.</summary>
    public int Window { get; init; } = 32;

    /// <summary>Tokens that scores are averaged over, an odd number.</summary>
    public int Kernel { get; init; } = 5;

    /// <inheritdoc/>
    public override KvNeeds Needs => new() { Queries = Window };

    /// <inheritdoc/>
    public override float[][] Score(KvLayer layer)
    {
        var window = Math.Min(Window, layer.Tokens - 1);
        var perHead = new float[layer.Heads][];
        for (var head = 0; head < layer.Heads; head++)
            perHead[head] = Smooth(Seen(layer, head, window));
        var scores = layer.Grouped(perHead);
        var best = scores.Max(head => head.Max());
        // the window itself stays, whatever the rest is
        return [.. scores.Select(head => (float[])[.. head, .. Enumerable.Repeat(best + 1, window)])];
    }

    /// <inheritdoc/>
    protected override void AddProblems(ICollection<string> problems)
    {
        base.AddProblems(problems);
        if (Window < 1)
            problems.Add($"window is {Window}; give at least 1.");
        if (Kernel < 1 || Kernel % 2 == 0)
            problems.Add($"kernel is {Kernel}; give an odd number.");
        if (Budget < Window)
            problems.Add($"budget is {Budget}, less than the window of {Window}; give at least that.");
    }

    /// <summary>The window's mean attention to each token before it.</summary>
    private static float[] Seen(KvLayer layer, int head, int window)
    {
        var mean = new float[layer.Tokens - window];
        var weights = new float[layer.Tokens];
        for (var token = mean.Length; token < layer.Tokens; token++)
        {
            layer.Attention(token, head, weights);
            for (var i = 0; i < mean.Length; i++)
                mean[i] += weights[i] / window;
        }
        return mean;
    }

    /// <summary>The average over Kernel neighbours; what lies outside counts as 0.</summary>
    private float[] Smooth(float[] scores)
    {
        var smooth = new float[scores.Length];
        for (var i = 0; i < smooth.Length; i++)
        {
            var sum = 0f;
            for (var j = Math.Max(0, i - (Kernel / 2)); j <= Math.Min(scores.Length - 1, i + (Kernel / 2)); j++)
                sum += scores[j];
            smooth[i] = sum / Kernel;
        }
        return smooth;
    }
}
