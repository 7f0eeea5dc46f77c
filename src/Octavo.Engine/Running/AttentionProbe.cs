using Octavo.Engine.Cache;
using Octavo.Engine.Kernels;
using Octavo.Engine.Kv;
using Octavo.Engine.Threads;
using Octavo.Models;

namespace Octavo.Engine.Running;

/// <summary>One layer's attention alone, on queries, keys and values that are given: for comparison with references.</summary>
internal sealed unsafe class AttentionProbe : IDisposable
{
    private readonly KernelSet _kernels;
    private readonly WorkerPool _pool;
    private readonly PagePool _pages;
    private readonly Workspace _work;
    private readonly AttentionCall _call;
    private readonly SelectRegion _selected;
    private readonly AttentionRegion _attention;
    private readonly LoweredAttention _part;
    private readonly QueryWatch _watch;
    private readonly int _most;

    /// <param name="heads">Query heads (H).</param>
    /// <param name="kvHeads">Key-value heads (Hkv).</param>
    /// <param name="headDim">Width of a head (d).</param>
    /// <param name="tokens">The most tokens.</param>
    /// <param name="options">Instruction set, type of pages, threads.</param>
    public AttentionProbe(int heads, int kvHeads, int headDim, int tokens, EngineOptions options)
    {
        var nothing = new Linear(new View("none", [1, heads * headDim], "none"));
        var shape = new Attention(heads, kvHeads, headDim, nothing, nothing, nothing, nothing, null, new Visible(), 1 / MathF.Sqrt(headDim));
        var stack = new Stack("probe", null!, [new Layer([new Residual(null, shape)])], null!, []);
        var model = new TextModel("probe", 1, heads * headDim, tokens, [stack]);
        _most = tokens;
        _kernels = KernelSets.Select(options.InstructionSet);
        var threads = options.Threads ?? 1;
        _pool = new WorkerPool(threads);
        _pages = new PagePool(kvHeads, headDim, options.KvType ?? KvType.F32);
        _work = new Workspace(new WorkspaceSizes(model, _kernels, threads, ForwardPass.BlockRows), threads, tokens, 32);
        _call = new AttentionCall(ForwardPass.BlockRows);
        _selected = new SelectRegion(_kernels, _work, _pages, _call, threads);
        _attention = new AttentionRegion(_kernels, _work, _pages, _call, _selected, threads);
        _watch = new QueryWatch(_kernels, _work, _pages, _call, _attention, _pool);
        _part = new LoweredAttention(shape, [], null!, Pairing.Halves, -1, null, null);
    }

    /// <summary>What a method makes of a prompt, or of the last rows of one once it was read.</summary>
    /// <param name="method">The method; null reads everything.</param>
    /// <param name="q">[H][rows][d], rotated, not scaled.</param>
    /// <param name="k">[Hkv][n][d]</param>
    /// <param name="v">[Hkv][n][d]</param>
    /// <param name="isPrompt">Whether the rows are a prompt.</param>
    /// <param name="seesAll">Whether every row sees what comes after it.</param>
    /// <returns>[H][rows][d]</returns>
    public float[] Run(KvMethod? method, float[] q, float[] k, float[] v, bool isPrompt, bool seesAll = false)
    {
        var shape = _part.Shape;
        var (rows, tokens) = (q.Length / (shape.Heads * shape.HeadDim), k.Length / (shape.KvHeads * shape.HeadDim));
        using var cache = new KvCache(_pages, 1, _most);
        cache.Append(0, tokens);
        Store(cache, k, v, tokens);
        cache.Reading = method is null ? null : new KvReading(method, 1) { PromptTokens = tokens };
        if (isPrompt && cache.Reading is { } reading && reading.Asks(0))
            reading.Attend(new KvLayer(cache, 0, 1, _part, null, false, true) { Prompt = ByToken(q, rows, 1), Pool = _pool });
        else
            cache.Reading = cache.Reading?.EndPrompt();
        var queries = ByToken(q, rows, shape.Scale * _kernels.QueryScale(_pages.Layout.Type));
        var y = new float[q.Length];
        Run(cache, queries, rows, y, seesAll ? tokens - 1 : null);
        return y;
    }

    /// <summary>Indices of the tokens that a row of the last call chose for a query head.</summary>
    public int[] Chosen(int row, int head)
    {
        var set = _selected.Set(row, head, out _);
        List<int> all = [.. set.Tokens];
        foreach (var range in set.Ranges)
            all.AddRange(Enumerable.Range(range.From, range.To - range.From));
        return [.. all.Order()];
    }

    /// <summary>Has something look at a prompt's layer as a method does.</summary>
    /// <param name="q">[H][n][d], rotated, not scaled.</param>
    /// <param name="k">[Hkv][n][d]</param>
    /// <param name="v">[Hkv][n][d]</param>
    /// <param name="look">What looks.</param>
    /// <param name="noting">Whose needs are noted while the prompt is read; null for none.</param>
    public T Look<T>(float[] q, float[] k, float[] v, Func<KvLayer, T> look, KvMethod? noting = null)
    {
        var tokens = k.Length / (_part.Shape.KvHeads * _part.Shape.HeadDim);
        using var cache = new KvCache(_pages, 1, _most);
        cache.Append(0, tokens);
        Store(cache, k, v, tokens);
        if (noting is not null)
        {
            cache.Watch = new PromptWatch(noting.Needs, 1, _part.Shape.Heads, _part.Shape.HeadDim, _most);
            Run(cache, ByToken(q, tokens, _part.Shape.Scale * _kernels.QueryScale(_pages.Layout.Type)), tokens, new float[q.Length]);
        }
        return look(new KvLayer(cache, 0, 1, _part, null, noting is { StoresQueryHeads: true }, true) { Prompt = ByToken(q, tokens, 1), Pool = _pool });
    }

    public void Dispose()
    {
        _watch.Dispose();
        _attention.Dispose();
        _selected.Dispose();
        _call.Dispose();
        _work.Dispose();
        _pages.Dispose();
        _pool.Dispose();
    }

    private void Run(KvCache cache, float[] queries, int rows, float[] y, int? position = null)
    {
        for (var first = 0; first < rows; first += _work.Rows)
            Run(cache, queries, cache.SeenTokens - rows, first, Math.Min(_work.Rows, rows - first), rows, position, y);
    }

    private void Run(KvCache cache, float[] queries, int before, int first, int count, int rows, int? position, float[] y)
    {
        var (heads, dim) = (_part.Shape.Heads, _part.Shape.HeadDim);
        var block = new Row[count];
        for (var i = 0; i < count; i++)
            block[i] = new Row(0, 0, position ?? (before + first + i), before + first + i, Wanted.Nothing);
        _call.Begin(block, [cache]);
        (_call.Part, _call.Layer) = (_part, 0);
        queries.AsSpan(first * heads * dim, count * heads * dim).CopyTo(new Span<float>(_work.Q, count * heads * dim));
        var selecting = _selected.Prepare();
        if (selecting > 0)
            _pool.Run(_selected, selecting);
        _pool.Run(_attention, _attention.Prepare());
        _attention.Finish();
        _watch.AfterAttention();
        for (var i = 0; i < count; i++)
        {
            for (var head = 0; head < heads; head++)
                new ReadOnlySpan<float>(_work.Attended + (((i * heads) + head) * dim), dim).CopyTo(y.AsSpan(((head * rows) + first + i) * dim));
        }
    }

    private void Store(KvCache cache, float[] k, float[] v, int tokens)
    {
        var (kvHeads, dim) = (_part.Shape.KvHeads, _part.Shape.HeadDim);
        fixed (float* keys = k, values = v)
        {
            for (var head = 0; head < kvHeads; head++)
            {
                for (var token = 0; token < tokens; token++)
                {
                    var at = ((long)(head * tokens) + token) * dim;
                    _kernels.StorePosition(cache.View(0, head, token / PagePool.Positions), token % PagePool.Positions, keys + at, values + at);
                }
            }
        }
    }

    private float[] ByToken(float[] q, int rows, float scale)
    {
        var (heads, dim) = (_part.Shape.Heads, _part.Shape.HeadDim);
        var by = new float[q.Length];
        for (var i = 0; i < q.Length; i++)
        {
            var (head, row, d) = (i / (rows * dim), i / dim % rows, i % dim);
            by[(((row * heads) + head) * dim) + d] = q[i] * scale;
        }
        return by;
    }
}
