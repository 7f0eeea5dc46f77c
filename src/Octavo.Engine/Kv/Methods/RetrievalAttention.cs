namespace Octavo.Engine.Kv;

/// <summary>
/// Everything is stored; each token reads the first <see cref="Sinks"/> and last <see cref="Recent"/> tokens, and of the others the
/// <see cref="TopK"/> with the highest scores, found by comparing all keys. Liu et al., arXiv 2409.10516; SCBench's retr_attn with its
/// exact index and defaults, 2000 with preset=paper. Reads all keys and k values. The reference merges retrieved and fixed tokens by
/// log-sum-exp, which is what attention to both gives. By default the query heads of a stored head choose together, by their highest score.
/// </summary>
public sealed record RetrievalAttention : KvMethod
{
    /// <summary>SCBench's Table 9.</summary>
    public static RetrievalAttention Paper { get; } = new() { TopK = 2000 };

    /// <summary>Tokens that are retrieved.</summary>
    public int TopK { get; init; } = 4096;

    /// <summary>Tokens at the beginning that are always read.</summary>
    public int Sinks { get; init; } = 128;

    /// <summary>Tokens at the end that are always read.</summary>
    public int Recent { get; init; } = 512;

    /// <summary>Whether every query head chooses for itself, as in the released code.</summary>
    public bool PerQueryHead { get; init; }

    /// <inheritdoc/>
    public override string Name => "retrieval_attention";

    /// <inheritdoc/>
    public override KvSelector NewSelector() => new Selector(this);

    /// <inheritdoc/>
    protected override void AddProblems(ICollection<string> problems)
    {
        if (TopK < 0 || Sinks < 0)
            problems.Add("top_k and sinks have to be at least 0.");
        if (Recent < 1)
            problems.Add($"recent is {Recent}; give at least 1.");
    }

    private sealed class Selector(RetrievalAttention options) : KvSelector
    {
        private float[] _scores = [];
        private float[] _others = [];
        private int[] _chosen = [];

        public override bool PerQueryHead => options.PerQueryHead;

        public override void Choose(KvQuery query, KeySet keys)
        {
            var (from, to) = (options.Sinks, query.Tokens - options.Recent);
            if (to - from <= options.TopK)
            {
                keys.AddRange(0, query.Tokens);
                return;
            }
            if (_scores.Length < query.Tokens)
                (_scores, _others, _chosen) = (new float[2 * query.Tokens], new float[2 * query.Tokens], new int[options.TopK]);
            var scores = _scores.AsSpan(0, query.Tokens);
            query.Scores(0, scores);
            for (var other = 1; other < query.Count; other++)
            {
                query.Scores(other, _others);
                for (var i = 0; i < scores.Length; i++)
                    scores[i] = MathF.Max(scores[i], _others[i]);
            }
            keys.AddRange(0, from);
            Best.Into(scores[from..to], _chosen);
            foreach (var token in _chosen)
                keys.AddToken(from + token);
            keys.AddRange(to, query.Tokens);
        }

        public override void Truncate(int tokens)
        {
        }

        public override KvSelector Copy() => new Selector(options);
    }
}
