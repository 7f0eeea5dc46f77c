namespace Octavo.Engine.Kv;

/// <summary>
/// Everything is stored; each token reads only the pages of <see cref="Page"/> keys whose scores may be highest, by the largest and smallest
/// number of each channel. Tang et al., arXiv 2406.10774; SCBench's defaults, its Table 9's with preset=paper. Bounds cost 2·n/page vectors
/// in place of n keys. By default the query heads of a stored head choose together, by the sum of their bounds; the released code has
/// each choose (per_query_head). As in SCBench all layers are sparse, and the open page is not forced.
/// </summary>
public sealed record Quest : KvMethod
{
    /// <summary>SCBench's Table 9.</summary>
    public static Quest Paper { get; } = new() { Budget = 4096 };

    /// <summary>Keys of a page.</summary>
    public int Page { get; init; } = 16;

    /// <summary>Tokens that are read, as whole pages.</summary>
    public int Budget { get; init; } = 1024;

    /// <summary>Pages that are read at least.</summary>
    public int MinPages { get; init; } = 3;

    /// <summary>Whether every query head chooses for itself.</summary>
    public bool PerQueryHead { get; init; }

    /// <inheritdoc/>
    public override string Name => "quest";

    /// <inheritdoc/>
    public override KvSelector NewSelector() => new Selector(this, new KeyBounds(Page));

    /// <inheritdoc/>
    protected override void AddProblems(ICollection<string> problems)
    {
        if (Page < 1)
            problems.Add($"page is {Page}; give at least 1.");
        if (Budget < 1)
            problems.Add($"budget is {Budget}; give at least 1.");
        if (MinPages < 1)
            problems.Add($"min_pages is {MinPages}; give at least 1.");
    }

    private sealed class Selector(Quest options, KeyBounds bounds) : KvSelector
    {
        private float[] _scores = [];
        private int[] _chosen = [];

        public override bool PerQueryHead => options.PerQueryHead;

        public override void Choose(KvQuery query, KeySet keys)
        {
            var pages = (query.Tokens + options.Page - 1) / options.Page;
            var take = Math.Max(options.MinPages, options.Budget / options.Page);
            if (take >= pages)
            {
                keys.AddRange(0, query.Tokens);
                return;
            }
            if (_scores.Length < pages)
                (_scores, _chosen) = (new float[2 * pages], new int[take]);
            bounds.Of(query, _scores.AsSpan(0, pages));
            Best.Into(_scores.AsSpan(0, pages), _chosen.AsSpan(0, take));
            foreach (var page in _chosen.AsSpan(0, take))
                keys.AddRange(page * options.Page, Math.Min(query.Tokens, (page + 1) * options.Page));
        }

        public override void Truncate(int tokens) => bounds.Truncate(tokens);

        public override KvSelector Copy() => new Selector(options, bounds.Copy());
    }
}
