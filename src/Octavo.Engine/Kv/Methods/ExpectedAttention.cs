namespace Octavo.Engine.Kv;

/// <summary>
/// Keeps what queries to come are expected to look at: their distribution is taken from the prompt's queries, turned to the positions that
/// follow. Devoto et al., "Expected Attention: KV Cache Compression by Estimating Attention from Future Queries Distribution"
/// (arXiv 2510.00636); reference: kvpress ExpectedAttentionPress. O(n · d²) to note and to score; stored: the budget.
/// </summary>
public sealed record ExpectedAttention : ScoredMethod
{
    /// <inheritdoc/>
    public override string Name => "expected_attention";

    /// <summary>Positions to come that the rotation is averaged over.</summary>
    public int FuturePositions { get; init; } = 512;

    /// <summary>First tokens that stay and whose queries do not count.</summary>
    public int Sinks { get; init; } = 4;

    /// <summary>Whether the queries' covariance counts, not their mean alone.</summary>
    public bool UseCovariance { get; init; } = true;

    /// <summary>Whether weights are multiplied with the values' norms.</summary>
    public bool UseValueNorms { get; init; } = true;

    /// <summary>What is added to a weight before that.</summary>
    public float Epsilon { get; init; }

    /// <inheritdoc/>
    public override KvNeeds Needs => new() { MomentsFrom = Sinks };

    /// <inheritdoc/>
    public override float[][] Score(KvLayer layer)
    {
        if (layer.Tokens <= Sinks)
            return [.. Enumerable.Repeat(new float[layer.Tokens], layer.StoredHeads)];
        var rotation = layer.MeanRotation(layer.Tokens, FuturePositions);
        var perHead = new float[layer.Heads][];
        for (var head = 0; head < layer.Heads; head++)
            perHead[head] = Weights(layer, head, rotation);
        var scores = layer.Grouped(perHead);
        for (var head = 0; UseValueNorms && head < scores.Length; head++)
        {
            var kvHead = layer.KvHeadOf(head);
            for (var i = 0; i < scores[head].Length; i++)
            {
                var value = layer.Values(kvHead).Slice((Sinks + i) * layer.HeadDim, layer.HeadDim);
                scores[head][i] = (scores[head][i] + Epsilon) * MathF.Sqrt(KvLayer.Dot(value, value));
            }
        }
        var best = scores.Max(head => head.Max());
        return [.. scores.Select(head => (float[])[.. Enumerable.Repeat(best + 1, Sinks), .. head])];
    }

    /// <inheritdoc/>
    protected override void AddProblems(ICollection<string> problems)
    {
        base.AddProblems(problems);
        if (FuturePositions < 1 || Sinks < 0)
            problems.Add($"future_positions is {FuturePositions} and sinks {Sinks}; give at least 1 and 0.");
    }

    /// <summary>softmax over tokens behind the sinks of μ·k/√d + kᵀΣk/2d, with mean μ and covariance Σ of the turned queries.</summary>
    private float[] Weights(KvLayer layer, int head, float[] rotation)
    {
        var (dim, kvHead) = (layer.HeadDim, head / layer.Group);
        var (mean, covariance) = layer.Moments(head);
        var turned = new float[dim];
        Rows(rotation, mean, turned);
        var spread = Turn(rotation, covariance, dim);
        var (scores, product) = (new float[layer.Tokens - Sinks], new float[dim]);
        var max = float.NegativeInfinity;
        for (var i = 0; i < scores.Length; i++)
        {
            var key = layer.Key(kvHead, Sinks + i);
            scores[i] = KvLayer.Dot(turned, key) * layer.Scale;
            if (UseCovariance)
            {
                Rows(spread, key, product);
                scores[i] += KvLayer.Dot(product, key) * layer.Scale * layer.Scale / 2;
            }
            max = MathF.Max(max, scores[i]);
        }
        KvLayer.Normalize(scores, max);
        return scores;
    }

    /// <summary>R Σ Rᵀ.</summary>
    private static float[] Turn(float[] rotation, float[] covariance, int dim)
    {
        var (left, both) = (new float[dim * dim], new float[dim * dim]);
        // Σ is symmetric, so its rows are its columns
        for (var i = 0; i < dim; i++)
            Rows(covariance, rotation.AsSpan(i * dim, dim), left.AsSpan(i * dim, dim));
        for (var i = 0; i < dim; i++)
            Rows(rotation, left.AsSpan(i * dim, dim), both.AsSpan(i * dim, dim));
        return both;
    }

    /// <summary>y = M x.</summary>
    private static void Rows(ReadOnlySpan<float> matrix, ReadOnlySpan<float> x, Span<float> y)
    {
        for (var i = 0; i < y.Length; i++)
            y[i] = KvLayer.Dot(matrix.Slice(i * x.Length, x.Length), x);
    }
}
