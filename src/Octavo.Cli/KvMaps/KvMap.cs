using Octavo.Engine;
using Octavo.Engine.Kv;

namespace Octavo.Cli.KvMaps;

/// <summary>Which tokens of a prompt the heads of a model keep, or read for the token after it.</summary>
/// <param name="Kept">[layer][head][token]; heads are those that choose apart.</param>
internal sealed record KvMap(IReadOnlyList<IReadOnlyList<bool[]>> Kept)
{
    /// <summary>All heads, layer by layer.</summary>
    public IEnumerable<(int Layer, int Head, bool[] Tokens)> Heads =>
        Kept.SelectMany((heads, layer) => heads.Select((tokens, head) => (layer, head, tokens)));

    /// <summary>The share of tokens that a head keeps, over all heads.</summary>
    public double Share => Heads.Average(head => head.Tokens.Count(kept => kept) / (double)head.Tokens.Length);

    /// <summary>The share of some tokens that a head keeps, over all heads.</summary>
    public double HitRate(int from, int to) => Heads.Average(head => head.Tokens[from..to].Count(kept => kept) / (double)(to - from));

    /// <summary>The share of what one of two maps keeps of the first tokens that only one of them keeps (1 - Jaccard), over all heads.</summary>
    public double ShiftTo(KvMap other, int tokens) => Heads.Zip(other.Heads, (a, b) =>
    {
        var (both, either) = (0, 0);
        for (var i = 0; i < tokens; i++)
        {
            both += a.Tokens[i] && b.Tokens[i] ? 1 : 0;
            either += a.Tokens[i] || b.Tokens[i] ? 1 : 0;
        }
        return either == 0 ? 0 : 1 - (both / (double)either);
    }).Average();

    /// <summary>Reads a prompt and looks at what the method keeps of it; where it chooses for each token, at what the token after it reads.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompt">The prompt's ids.</param>
    /// <param name="method">The method.</param>
    /// <param name="cancellationToken">Looked at between blocks of rows.</param>
    public static KvMap Of(LanguageModel model, IReadOnlyList<int> prompt, KvMethod method, CancellationToken cancellationToken)
    {
        var watch = new Watch();
        using var session = model.NewSession(null, new Watched(method, watch));
        var logits = session.Forward([.. prompt], null, cancellationToken);
        if (method.NewSelector() is not null)
            session.Forward([Best(logits)], null, cancellationToken);
        return new KvMap([.. watch.Layers.Select((layer, number) => Chosen(layer, watch.ReadBy(number), prompt.Count))]);
    }

    // a selector's indices are those of what was kept
    private static bool[][] Chosen(IReadOnlyList<int[]> kept, IReadOnlyList<HashSet<int>> read, int tokens)
    {
        var heads = Math.Max(kept.Count, read.Count);
        var map = new bool[heads][];
        for (var head = 0; head < heads; head++)
        {
            var stored = kept[head * kept.Count / heads];
            var chosen = read.Count == 0 ? null : read[head * read.Count / heads];
            map[head] = new bool[tokens];
            for (var i = 0; i < stored.Length; i++)
                map[head][stored[i]] = chosen is null || chosen.Contains(i);
        }
        return map;
    }

    private static int Best(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var i = 1; i < logits.Length; i++)
            best = logits[i] > logits[best] ? i : best;
        return best;
    }

    /// <summary>What was seen: per layer what each head keeps of the prompt, and what each selector chose, in the order of layers and heads.</summary>
    private sealed class Watch
    {
        public List<IReadOnlyList<int[]>> Layers { get; } = [];

        public List<(int Order, HashSet<int> Tokens)> Read { get; } = [];

        /// <summary>Selectors that were made.</summary>
        public int Made { get; set; }

        public Dictionary<int, IReadOnlyList<int[]>> Patterns { get; } = [];

        // engines make selectors layer by layer and head by head
        public IReadOnlyList<HashSet<int>> ReadBy(int layer)
        {
            var heads = Read.Count / Layers.Count;
            return [.. Read.OrderBy(one => one.Order).Skip(layer * heads).Take(heads).Select(one => one.Tokens)];
        }
    }

    /// <summary>A method that is looked at.</summary>
    private sealed record Watched(KvMethod Inner, Watch Seen) : KvMethod
    {
        public override string Name => Inner.Name;

        public override KvNeeds Needs => Inner.Needs;

        public override bool StoresQueryHeads => Inner.StoresQueryHeads;

        public override bool Attends => Inner.Attends;

        public override KvPacking? Packing => Inner.Packing;

        public override KvPattern[]? Attend(KvLayer layer)
        {
            var patterns = Inner.Attend(layer);
            if (patterns is null)
                return null;
            var last = layer.PromptTokens - 1;
            Seen.Patterns[layer.Layer] = [.. patterns.Select(pattern => Row(pattern, last))];
            return patterns;
        }

        public override int[][]? Compress(KvLayer layer)
        {
            var kept = Inner.Compress(layer);
            int[][] all = [[.. Enumerable.Range(0, layer.Tokens)]];
            // what is read in part is shown as its last row reads it
            Seen.Layers.Add(kept ?? Seen.Patterns.GetValueOrDefault(layer.Layer) ?? [.. Enumerable.Repeat(all[0], layer.StoredHeads)]);
            return kept;
        }

        public override KvSelector? NewSelector() => Inner.NewSelector() is { } selector ? new Noted(selector, Seen, Seen.Made++) : null;

        private static int[] Row(KvPattern pattern, int row)
        {
            var keys = new KeySet();
            pattern.Add(row, 1, keys);
            return [.. Enumerable.Range(0, row + 1).Where(token => keys.Reads(row, token))];
        }
    }

    /// <summary>A selector whose choices are noted.</summary>
    private sealed class Noted(KvSelector inner, Watch watch, int order) : KvSelector
    {
        private readonly HashSet<int> _read = [];
        private bool _isUsed;

        public override bool PerQueryHead => inner.PerQueryHead;

        public override void Choose(KvQuery query, KeySet keys)
        {
            // one that is made to ask what the method is, and never used, notes nothing; heads choose on several threads
            if (!_isUsed)
            {
                lock (watch)
                    watch.Read.Add((order, _read));
            }
            _isUsed = true;
            inner.Choose(query, keys);
            for (var token = 0; token < query.Tokens; token++)
            {
                if (keys.Reads(query.Tokens - 1, token))
                    _read.Add(token);
            }
        }

        public override void Truncate(int tokens) => inner.Truncate(tokens);

        public override KvSelector Copy() => inner.Copy();
    }
}
