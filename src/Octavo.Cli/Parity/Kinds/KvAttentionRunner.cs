using System.Globalization;
using Octavo.Core;
using Octavo.Engine.Kv;
using Octavo.Engine.Running;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>
/// Attention that does not read everything, on queries, keys and values that are given: patterns of a prompt, and what single rows choose.
/// The options say which.
/// </summary>
internal sealed class KvAttentionRunner : GoldenRunner
{
    public override string Kind => "kv.attention";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        using var tensors = new GoldenTensors(golden);
        var actual = new Dictionary<string, Array>();
        if (golden.OptionOrNull("n_local") is not null)
            Shapes(golden, tensors, context, actual);
        else if (golden.OptionOrNull("slash") is not null)
            VerticalSlash(golden, tensors, context, actual);
        else if (golden.OptionOrNull("top") is not null)
            BlockSparse(golden, tensors, context, actual);
        else if (golden.OptionOrNull("budgets") is not null)
            QuestPages(golden, tensors, context, actual);
        else if (golden.OptionOrNull("top_k") is not null)
            Retrieval(golden, tensors, context, actual);
        return [.. golden.Outputs.Select(output => actual.GetValueOrDefault(output.Key) switch
        {
            float[] numbers => OutputCheck.Numbers(output.Key, numbers, tensors.Floats("out." + output.Key), output.Value),
            int[] wholes => OutputCheck.Wholes(output.Key, wholes, tensors.Wholes("out." + output.Key)),
            _ => throw new UnsupportedException($"the output '{output.Key}' of attention is not supported yet."),
        })];
    }

    /// <summary>A-shape and Tri-shape, on prompts of several lengths.</summary>
    private static void Shapes(Golden golden, GoldenTensors tensors, ParityContext context, Dictionary<string, Array> actual)
    {
        var (init, local) = (Whole(golden, "n_init"), Whole(golden, "n_local"));
        KvMethod method = golden.OptionOrNull("n_last") is { } last
            ? new TriShape { Init = init, Local = local, Last = last.GetInt32() }
            : new AShape { Init = init, Local = local };
        foreach (var name in golden.Outputs.Keys.Where(name => name.StartsWith("out.", StringComparison.Ordinal)))
        {
            var length = name["out.".Length..];
            using var given = new Given(tensors, context, "." + length);
            actual[name] = given.Prompt(method);
            actual["kept_per_row." + length] = given.Counts(given.Look(method.Attend)!);
        }
    }

    private static void VerticalSlash(Golden golden, GoldenTensors tensors, ParityContext context, Dictionary<string, Array> actual)
    {
        using var given = new Given(tensors, context);
        var method = new MInference
        {
            Vertical = Whole(golden, "vertical"), Slash = Whole(golden, "slash"), ForcedColumns = Whole(golden, "forced_columns"),
            ForcedDiagonals = Whole(golden, "forced_diagonals"),
        };
        var released = method with { ReleasedKernel = true };
        var estimates = given.Look(layer => Enumerable.Range(0, layer.Heads).Select(head => VerticalSlashEstimate.Of(layer, head)).ToList());
        var columns = estimates.Select(estimate => estimate.Columns(method.Vertical, method.ForcedColumns)).ToList();
        var distances = estimates.Select(estimate => estimate.Distances(method.Slash, method.ForcedDiagonals)).ToList();
        var exact = new Fixed([.. columns.Zip(distances, (c, d) => new NamedOnly(c, d))]);
        actual["vertical_scores"] = estimates.SelectMany(estimate => estimate.Vertical).ToArray();
        actual["slash_scores"] = estimates.SelectMany(estimate => estimate.Slash).ToArray();
        actual["vertical_indices"] = columns.SelectMany(each => each).ToArray();
        actual["slash_indices"] = distances.SelectMany(each => each).ToArray();
        foreach (var (name, each) in new (string, KvMethod)[] { ("union", method), ("kernel", released), ("exact", exact) })
        {
            actual["out_" + name] = given.Prompt(each);
            actual["kept_" + name] = given.Counts(given.Look(each.Attend)!);
        }
    }

    private static void BlockSparse(Golden golden, GoldenTensors tensors, ParityContext context, Dictionary<string, Array> actual)
    {
        using var given = new Given(tensors, context);
        var block = Whole(golden, "block");
        var chosen = given.Look(layer => Enumerable.Range(0, layer.Heads)
            .Select(head => BlockSparsePattern.Choose(layer, head, block, Whole(golden, "top"))).ToList());
        var method = new Fixed([.. chosen.Select(blocks => new BlockSparsePattern(blocks, block))]);
        actual["block_mask"] = chosen.SelectMany(blocks => blocks.SelectMany(row => Enumerable.Range(0, blocks.Length).Select(column => row.Contains(column) ? 1 : 0))).ToArray();
        actual["rows_without_key"] = method.Patterns.Select(pattern => given.Counts([pattern]).Count(count => count == 0)).ToArray();
        actual["out"] = given.Prompt(method);
    }

    private static void QuestPages(Golden golden, GoldenTensors tensors, ParityContext context, Dictionary<string, Array> actual)
    {
        using var given = new Given(tensors, context);
        var page = Whole(golden, "page");
        var pages = (given.Tokens + page - 1) / page;
        List<float[]> bounds = [], largest = [], smallest = [];
        given.Ask(new Fixed([])
        {
            Ask = query =>
        {
            var known = new KeyBounds(page);
            var scores = new float[pages];
            known.Of(query, scores);
            bounds.Add(scores);
            largest.Add([.. Enumerable.Range(0, pages).SelectMany(i => Enumerable.Range(0, query.HeadDim).Select(c => known[i, c]))]);
            smallest.Add([.. Enumerable.Range(0, pages).SelectMany(i => Enumerable.Range(query.HeadDim, query.HeadDim).Select(c => known[i, c]))]);
        }
        }, seesAll: true);
        actual["bound"] = given.ByHead(bounds);
        actual["page_max"] = given.OncePerHead(largest);
        actual["page_min"] = given.OncePerHead(smallest);
        foreach (var budget in golden.Option("budgets").EnumerateArray().Select(budget => budget.GetInt32()))
        {
            // the reference's bounds hold the keys of later rows too; its rows do not read them
            var chosen = given.Ask(new Quest { Page = page, Budget = budget, MinPages = Whole(golden, "min_pages"), PerQueryHead = true }, seesAll: true).Chosen;
            actual[Name("out", budget)] = given.Ask(new Fixed([]) { Ask = _ => { }, Given = given.ByToken(chosen) }).Output;
            actual[Name("pages", budget)] = chosen.SelectMany(row => Enumerable.Range(0, pages).Select(i => row.Any(token => token / page == i) ? 1 : 0)).ToArray();
        }
    }

    private static void Retrieval(Golden golden, GoldenTensors tensors, ParityContext context, Dictionary<string, Array> actual)
    {
        using var given = new Given(tensors, context);
        var (sinks, recent) = (Whole(golden, "sink"), Whole(golden, "recent"));
        List<float[]> scores = [];
        given.Ask(new Fixed([])
        {
            Ask = query =>
        {
            var of = new float[query.Tokens];
            query.Scores(0, of);
            scores.Add(of);
        }
        });
        foreach (var top in golden.Option("top_k").EnumerateArray().Select(top => top.GetInt32()))
        {
            var (output, chosen) = given.Ask(new RetrievalAttention { Sinks = sinks, Recent = recent, TopK = top, PerQueryHead = true });
            var retrieved = chosen.Select(row => row.Where(token => token >= sinks && token < given.Tokens - recent).ToArray()).ToList();
            var ofRetrieved = retrieved.Select((row, head) => LogSum(row.Select(token => scores[head][token]))).ToArray();
            var ofFixed = scores.Select(all => LogSum(all.Where((_, token) => token < sinks || token >= given.Tokens - recent))).ToArray();
            actual[Name("out", top)] = output;
            actual[Name("retrieved", top)] = retrieved.SelectMany(row => row).ToArray();
            actual[Name("lse_retrieved", top)] = ofRetrieved;
            actual[Name("lse_static", top)] = ofFixed;
            actual[Name("lse", top)] = ofRetrieved.Zip(ofFixed, (a, b) => LogSum([a, b])).ToArray();
        }
    }

    private static string Name(string what, int setting) => string.Create(CultureInfo.InvariantCulture, $"{what}.{setting}");

    private static float LogSum(IEnumerable<float> scores)
    {
        var all = scores.ToList();
        var max = all.Max();
        return max + MathF.Log(all.Sum(score => MathF.Exp(score - max)));
    }

    private static int Whole(Golden golden, string name) => golden.Option(name).GetInt32();

    /// <summary>Only the named columns and diagonals.</summary>
    private sealed class NamedOnly(int[] columns, int[] distances) : KvPattern
    {
        public override int Rows(int first) => 1;

        public override void Add(int first, int rows, KeySet keys)
        {
            foreach (var column in columns)
                keys.AddToken(column);
            foreach (var distance in distances.Where(distance => distance <= first))
                keys.AddToken(first - distance);
        }
    }

    /// <summary>Patterns that are there already, or a look at each query.</summary>
    private sealed record Fixed(KvPattern[] Patterns) : KvMethod
    {
        public Action<KvQuery>? Ask { get; init; }

        /// <summary>What the queries read, in the order in which they are asked; null for everything.</summary>
        public Queue<int[]>? Given { get; init; }

        public override string Name => "fixed";

        public override bool Attends => Ask is null;

        public override KvPattern[] Attend(KvLayer layer) => Patterns;

        public override KvSelector? NewSelector() => Ask is null ? null : new Looking(Ask, Given);
    }

    private sealed class Looking(Action<KvQuery> choose, Queue<int[]>? given) : KvSelector
    {
        public override bool PerQueryHead => true;

        public override void Choose(KvQuery query, KeySet keys)
        {
            choose(query);
            if (given is null)
                keys.AddRange(0, query.Tokens);
            foreach (var token in given?.Dequeue() ?? [])
                keys.AddToken(token);
        }

        public override void Truncate(int tokens)
        {
        }

        public override KvSelector Copy() => this;
    }

    /// <summary>Queries, keys and values of a golden.</summary>
    private sealed class Given : IDisposable
    {
        private readonly AttentionProbe _probe;
        private readonly float[] _q;
        private readonly float[] _k;
        private readonly float[] _v;
        private readonly int _heads;
        private readonly int _kvHeads;

        public Given(GoldenTensors tensors, ParityContext context, string length = "")
        {
            (_heads, _kvHeads) = (tensors.Shape("in.q" + length)[0], tensors.Shape("in.k" + length)[0]);
            Tokens = tensors.Shape("in.k" + length)[1];
            (_q, _k, _v) = (tensors.Floats("in.q" + length), tensors.Floats("in.k" + length), tensors.Floats("in.v" + length));
            // one thread, so that queries are looked at in order
            _probe = new AttentionProbe(_heads, _kvHeads, tensors.Shape("in.q" + length)[2], Tokens, context.Engine with { Threads = 1 });
        }

        public int Tokens { get; }

        public float[] Prompt(KvMethod method) => _probe.Run(method, _q, _k, _v, isPrompt: true);

        public T Look<T>(Func<KvLayer, T> look) => _probe.Look(_q, _k, _v, look);

        /// <summary>What rows after the prompt make of it, and what each chose: by head, then by row.</summary>
        public (float[] Output, List<int[]> Chosen) Ask(KvMethod method, bool seesAll = false)
        {
            var rows = _q.Length / (_heads * _k.Length / (_kvHeads * Tokens));
            var output = _probe.Run(method, _q, _k, _v, isPrompt: false, seesAll);
            return (output, [.. Enumerable.Range(0, _heads).SelectMany(head => Enumerable.Range(0, rows).Select(row => _probe.Chosen(row, head)))]);
        }

        /// <summary>Tokens that each row sees, for each pattern.</summary>
        public int[] Counts(KvPattern[] patterns)
        {
            List<int> counts = [];
            foreach (var pattern in patterns)
            {
                for (int first = 0, rows; first < Tokens; first += rows)
                {
                    rows = Math.Min(pattern.Rows(first), Tokens - first);
                    var keys = new KeySet();
                    pattern.Add(first, rows, keys);
                    keys.Finish(first + rows);
                    counts.AddRange(Enumerable.Range(first, rows).Select(keys.Count));
                }
            }
            return [.. counts];
        }

        /// <summary>What was noted of queries, which are asked by key-value head, then row, then query head: by query head, then row.</summary>
        public float[] ByHead(List<float[]> asked)
        {
            var (group, rows) = (_heads / _kvHeads, asked.Count / _heads);
            return [.. Enumerable.Range(0, _heads).SelectMany(head => Enumerable.Range(0, rows)
                .SelectMany(row => asked[(((head / group * rows) + row) * group) + (head % group)]))];
        }

        /// <summary>What stands by query head, then row, in the order in which queries are asked.</summary>
        public Queue<int[]> ByToken(List<int[]> chosen)
        {
            var (group, rows) = (_heads / _kvHeads, chosen.Count / _heads);
            return new(Enumerable.Range(0, _kvHeads).SelectMany(kvHead => Enumerable.Range(0, rows)
                .SelectMany(row => Enumerable.Range(kvHead * group, group).Select(head => chosen[(head * rows) + row]))));
        }

        /// <summary>Of what was noted of queries, that of the first one of each key-value head.</summary>
        public float[] OncePerHead(List<float[]> asked) => [.. Enumerable.Range(0, _kvHeads).SelectMany(head => asked[head * (asked.Count / _kvHeads)])];

        public void Dispose() => _probe.Dispose();
    }
}
