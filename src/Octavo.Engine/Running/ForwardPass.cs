using Octavo.Engine.Cache;
using Octavo.Engine.Kernels;
using Octavo.Engine.Kv;
using Octavo.Engine.Threads;
using Octavo.Models;

namespace Octavo.Engine.Running;

/// <summary>Runs blocks of rows through the lowered model. Owns the activations; one call at a time.</summary>
internal sealed unsafe partial class ForwardPass : IDisposable
{
    /// <summary>The most rows of a decoder's block.</summary>
    public const int BlockRows = 128;

    private readonly LoweredModel _model;
    private readonly KernelSet _kernels;
    private readonly WorkerPool _pool;
    private readonly PagePool _pages;
    private readonly Workspace _work;
    private readonly RotaryTable[] _rotaries;
    private readonly AttentionCall _call;
    private readonly AdapterCall _adapters;
    private readonly EmbedRegion _embed;
    private readonly NormRegion _norm;
    private readonly LinearRegion _linear;
    private readonly QkNormRegion _qkNorm;
    private readonly FeedForward _feed;
    private readonly ExpertsPass? _experts;
    private readonly StreamRegion _stream;
    private readonly StoreRegion _store;
    private readonly AttentionRegion _attention;
    private readonly SelectRegion _selected;
    private readonly QueryWatch _watch;

    public ForwardPass(LoweredModel model, KernelSet kernels, WorkerPool pool, PagePool pages, int activationBits)
    {
        _model = model;
        _kernels = kernels;
        _pool = pool;
        _pages = pages;
        Rows = RowsOf(model.Description);
        _call = new AttentionCall(Rows);
        _work = new Workspace(model, kernels, pool.Threads, Rows, activationBits);
        _rotaries = [.. model.Rotaries.Select(known => new RotaryTable(known.Rotary, known.Factors, Rows))];
        _embed = new EmbedRegion(model, kernels, _work, _call);
        _norm = new NormRegion(kernels);
        _adapters = new AdapterCall(Rows);
        _linear = new LinearRegion(kernels, _work, _adapters);
        _qkNorm = new QkNormRegion(kernels, _work);
        _feed = new FeedForward(kernels, pool, _work, _linear);
        if (model.Layers.Any(layer => layer.Any(part => part.Mix is LoweredExperts)))
            _experts = new ExpertsPass(kernels, pool, _work, _linear, _feed, _adapters);
        _stream = new StreamRegion(kernels, _work);
        _store = new StoreRegion(kernels, _work, pages, _call);
        _selected = new SelectRegion(kernels, _work, pages, _call, pool.Threads);
        _attention = new AttentionRegion(kernels, _work, pages, _call, _selected, pool.Threads);
        _watch = new QueryWatch(kernels, _work, pages, _call, _attention, pool);
    }

    /// <summary>The most rows, and so the most sequences, of a block.</summary>
    public int Rows { get; }

    /// <summary>Makes room for adapters of a rank; what has been added is not lost.</summary>
    public void Adapt(int rank) => _adapters.Reserve(rank);

    /// <summary>The same from a description: a text of which every token sees all goes through the layers as one block.</summary>
    public static int RowsOf(TextModel model) => LoweredModel.Encodes(model) ? Math.Max(BlockRows, model.ContextLength) : BlockRows;

    /// <summary>What the activations take at most, those of the attention's scratch included.</summary>
    /// <param name="model">The description.</param>
    /// <param name="kernels">Whose scratch is counted.</param>
    /// <param name="threads">Threads that compute.</param>
    /// <param name="sequences">Sequences that decode together.</param>
    /// <param name="pages">Pages of the longest sequence, per layer.</param>
    public static long BytesOf(TextModel model, KernelSet kernels, int threads, int sequences, int pages)
    {
        var rows = RowsOf(model);
        var mixers = model.Stacks.SelectMany(stack => stack.Layers).SelectMany(layer => layer.Parts).Select(part => part.Mix).ToList();
        var bytes = new WorkspaceSizes(model, kernels, threads, rows).Bytes;
        bytes += mixers.OfType<Attention>().Select(part => part.Order).OfType<Rotary>().Distinct().Sum(rotary => RotaryTable.BytesOf(rotary, rows));
        if (mixers.OfType<Experts>().Any())
            bytes += ExpertsPass.BytesOf(rows, model.HiddenSize, mixers.OfType<Experts>().Max(experts => experts.Each.Count));
        var shapes = mixers.OfType<Attention>().ToList();
        var parts = shapes.Max(shape => Math.Max(
            AttentionItems.PartFloatsOf(shape, threads, sequences, 1, pages), AttentionItems.PartFloatsOf(shape, threads, 1, rows, pages)));
        return bytes + AttentionRegion.GrownBytes(shapes.Max(AttentionRegion.WorkerFloats) * threads) + AttentionRegion.GrownBytes(parts);
    }

    /// <summary>Runs one block. Slots of the rows are reserved in their caches already.</summary>
    /// <param name="rows">At most <see cref="Rows"/>.</param>
    /// <param name="caches">One per sequence.</param>
    /// <param name="lengths">Length of each sequence once the caller's whole call is done.</param>
    /// <param name="head">What rows that want it are projected with; null gives the final rows themselves.</param>
    /// <param name="output">[wanting rows, head's rows or C]</param>
    /// <param name="probe">Sees the residual stream, for comparison with references.</param>
    /// <param name="firstRow">Number of the block's first row, for the probe.</param>
    public void Run(
        ReadOnlySpan<Row> rows, ReadOnlySpan<KvCache> caches, ReadOnlySpan<int> lengths, LoweredLinear? head, float* output,
        HiddenProbe? probe = null, int firstRow = 0)
    {
        _call.Begin(rows, caches);
        _adapters.Begin(rows);
        RunRows(_embed, rows.Length);
        foreach (var rotary in _rotaries)
            rotary.Fill(rows, lengths);
        LoweredResidual? before = null;
        for (var layer = 0; layer < _model.Layers.Length; layer++)
        {
            _call.Layer = layer;
            for (var part = 0; part < _model.Layers[layer].Length; part++)
            {
                var next = _model.Layers[layer][part];
                RunRows(_stream.Between(before, next), rows.Length);
                if (part == 0)
                    Show(probe, layer, rows.Length, _work.X, firstRow);
                Mix(next.Mix, rows.Length);
                before = next;
            }
        }
        RunRows(_stream.Between(before, null), rows.Length);
        if (probe is not null)
        {
            RunRows(Norm(_model.Final, _work.X, _work.Normed, false), rows.Length);
            Show(probe, _model.Layers.Length, rows.Length, _work.Normed, firstRow);
        }
        Project(rows, head, output);
    }

    public void Dispose()
    {
        _work.Dispose();
        _experts?.Dispose();
        _attention.Dispose();
        _selected.Dispose();
        _watch.Dispose();
        _call.Dispose();
        _adapters.Dispose();
        foreach (var rotary in _rotaries)
            rotary.Dispose();
    }

    /// <summary>Computes what a part adds to the stream, from its normed input.</summary>
    private void Mix(LoweredMixer mixer, int rows)
    {
        switch (mixer)
        {
            case LoweredAttention attention:
                Attend(attention, rows);
                break;
            case LoweredMlp mlp:
                _feed.Run(mlp, _work.Normed, rows, _work.Out);
                break;
            case LoweredExperts experts:
                _experts!.Run(experts, rows);
                break;
        }
    }

    private void Attend(LoweredAttention attention, int rows)
    {
        StoreKeys(attention, rows);
        foreach (var run in _call.SequenceRuns)
            AskForPatterns(_call.Cache(run.First), attention, null);
        ReadKeys(attention, rows);
    }

    /// <summary>Queries, keys and values of the rows; keys and values are stored.</summary>
    private void StoreKeys(LoweredAttention attention, int rows)
    {
        _linear.Begin(_work.Normed, _work.Quantized(_work.Hidden), _work.Hidden, rows);
        _linear.Add(attention.Qkv[0], _work.Q);
        _linear.Add(attention.Qkv[1], _work.K);
        _linear.Add(attention.Qkv[2], _work.V);
        _linear.RunOn(_pool);
        if (attention.QNorm is not null)
            RunRows(_qkNorm.Of(attention), rows);
        _call.Part = attention;
        _call.Rotary = attention.Rotary < 0 ? null : _rotaries[attention.Rotary];
        _watch.BeforeRotation();
        _pool.Run(_store, _store.Prepare());
    }

    /// <summary>What a method says of how the prompt of a layer is read, where it is to say something.</summary>
    private void AskForPatterns(KvCache cache, LoweredAttention attention, float[]? queries)
    {
        if (cache.Reading is not { } reading || !reading.Asks(_call.Layer))
            return;
        var rotary = attention.Rotary < 0 ? null : _model.Rotaries[attention.Rotary];
        reading.Attend(new KvLayer(cache, _call.Layer, _model.Layers.Length, attention, rotary, false, true) { Prompt = queries, Pool = _pool });
    }

    /// <summary>What the rows' queries make of the stored keys and values.</summary>
    private void ReadKeys(LoweredAttention attention, int rows)
    {
        var selecting = _selected.Prepare();
        if (selecting > 0)
            _pool.Run(_selected, selecting);
        _pool.Run(_attention, _attention.Prepare());
        _attention.Finish();
        _watch.AfterAttention();
        var width = attention.O.Weights.Columns;
        RunRows(Norm(null, _work.Attended, _work.Attended, attention.O.IsPacked, width), rows);
        _linear.Begin(_work.Attended, _work.Quantized(width), width, rows);
        _linear.Add(attention.O, _work.Out);
        _linear.RunOn(_pool);
    }

    private void Project(ReadOnlySpan<Row> rows, LoweredLinear? head, float* output)
    {
        var wanting = 0;
        for (var row = 0; row < rows.Length; row++)
        {
            if (rows[row].Wanted == Wanted.Nothing)
                continue;
            var x = new ReadOnlySpan<float>(_work.X + ((long)row * _work.Hidden), _work.Hidden);
            x.CopyTo(new Span<float>(_work.Out + ((long)wanting++ * _work.Hidden), _work.Hidden));
        }
        if (wanting == 0)
            return;
        if (head is null)
        {
            RunRows(Norm(_model.Final, _work.Out, output, false), wanting);
            return;
        }
        RunRows(Norm(_model.Final, _work.Out, _work.Normed, head.IsPacked), wanting);
        _adapters.ChooseWanting(rows);
        _linear.Begin(_work.Normed, _work.Quantized(_work.Hidden), _work.Hidden, wanting);
        _linear.Add(head, output);
        _linear.RunOn(_pool);
        if (head.Softcap != 0)
        {
            for (var row = 0; row < wanting; row++)
                _kernels.Cap(output + ((long)row * head.Weights.Rows), head.Softcap, head.Weights.Rows);
        }
    }

    private NormRegion Norm(LoweredNorm? norm, float* x, float* y, bool quantize, int width = 0)
    {
        width = width == 0 ? _work.Hidden : width;
        _norm.Begin(norm, x, y, width, _work.Quantized(width), quantize);
        return _norm;
    }

    private void RunRows(RowsRegion region, int rows) => _pool.Run(region, region.Items(rows));

    private void Show(HiddenProbe? probe, int layer, int rows, float* x, int firstRow)
    {
        for (var row = Math.Max(0, -firstRow); probe is not null && row < rows; row++)
            probe(layer, firstRow + row, new ReadOnlySpan<float>(x + ((long)row * _work.Hidden), _work.Hidden));
    }
}
