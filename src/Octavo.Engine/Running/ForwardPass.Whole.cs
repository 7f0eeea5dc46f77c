using Octavo.Engine.Cache;

namespace Octavo.Engine.Running;

/// <content>A prompt that is held whole, for methods that have to know all of a layer's keys and queries before its attention.</content>
internal sealed unsafe partial class ForwardPass
{
    /// <summary>
    /// Runs one sequence's rows layer by layer. Between layers the residual stream of all rows is held, and within one the queries, twice where a
    /// method looks at them. Slots of the rows are reserved in the cache already. Bits are those of <see cref="Run"/>.
    /// </summary>
    /// <param name="rows">Any number, all of one sequence.</param>
    /// <param name="cache">Its cache.</param>
    /// <param name="lengths">The length of the sequence once all rows are done.</param>
    /// <param name="head">What rows that want it are projected with.</param>
    /// <param name="output">[wanting rows, head's rows]</param>
    /// <param name="afterLayer">Called after each layer; may throw to stop.</param>
    public void RunWhole(ReadOnlySpan<Row> rows, KvCache cache, ReadOnlySpan<int> lengths, LoweredLinear? head, float* output, Action<int> afterLayer)
    {
        KvCache[] caches = [cache];
        using var stream = Embed(rows, caches, lengths);
        for (var layer = 0; layer < _model.Layers.Length; layer++)
        {
            RunLayer(layer, rows, caches, lengths, stream.Pointer);
            afterLayer(layer);
        }
        ProjectAll(rows, caches, lengths, stream.Pointer, head, output);
    }

    /// <summary>The residual stream of all rows before the first layer: [rows, C].</summary>
    private NativeBuffer<float> Embed(ReadOnlySpan<Row> rows, KvCache[] caches, ReadOnlySpan<int> lengths)
    {
        var stream = new NativeBuffer<float>((long)rows.Length * _work.Hidden);
        for (var first = 0; first < rows.Length; first += Rows)
        {
            var some = Begin(rows, first, caches, lengths);
            RunRows(_embed, some);
            Copy(_work.X, stream.Pointer + ((long)first * _work.Hidden), (long)some * _work.Hidden);
        }
        return stream;
    }

    /// <summary>The outputs of the rows that want them, from the stream behind the last layer.</summary>
    private void ProjectAll(ReadOnlySpan<Row> rows, KvCache[] caches, ReadOnlySpan<int> lengths, float* stream, LoweredLinear? head, float* output)
    {
        for (var first = 0; first < rows.Length; first += Rows)
        {
            var some = Begin(rows, first, caches, lengths);
            Copy(stream + ((long)first * _work.Hidden), _work.X, (long)some * _work.Hidden);
            Project(rows.Slice(first, some), head, output);
            foreach (ref readonly var row in rows.Slice(first, some))
                output += row.Wanted == Wanted.Nothing ? 0 : head?.Weights.Rows ?? _work.Hidden;
        }
    }

    private void RunLayer(int layer, ReadOnlySpan<Row> rows, KvCache[] caches, ReadOnlySpan<int> lengths, float* stream)
    {
        var parts = _model.Layers[layer];
        var attention = _model.AttentionOf(layer);
        var width = attention.Shape.Heads * attention.Shape.HeadDim;
        using var queries = new NativeBuffer<float>((long)rows.Length * width);
        for (var first = 0; first < rows.Length; first += Rows)
        {
            var some = Begin(rows, first, caches, lengths);
            _call.Layer = layer;
            Copy(stream + ((long)first * _work.Hidden), _work.X, (long)some * _work.Hidden);
            RunRows(_stream.Between(null, parts[0]), some);
            StoreKeys(attention, some);
            Copy(_work.Q, queries.Pointer + ((long)first * width), (long)some * width);
        }
        AskForPatterns(caches[0], attention, caches[0].Reading is { } reading && reading.Asks(layer) ? Unscaled(queries, attention) : null);
        for (var first = 0; first < rows.Length; first += Rows)
        {
            var some = Begin(rows, first, caches, lengths);
            _call.Layer = layer;
            _call.Part = attention;
            Copy(stream + ((long)first * _work.Hidden), _work.X, (long)some * _work.Hidden);
            Copy(queries.Pointer + ((long)first * width), _work.Q, (long)some * width);
            ReadKeys(attention, some);
            for (var part = 1; part < parts.Length; part++)
            {
                RunRows(_stream.Between(parts[part - 1], parts[part]), some);
                Mix(parts[part].Mix, some);
            }
            RunRows(_stream.Between(parts[^1], null), some);
            Copy(_work.X, stream + ((long)first * _work.Hidden), (long)some * _work.Hidden);
        }
    }

    /// <summary>Makes the rows from one on the present block; returns how many there are.</summary>
    private int Begin(ReadOnlySpan<Row> rows, int first, KvCache[] caches, ReadOnlySpan<int> lengths)
    {
        var some = rows.Slice(first, Math.Min(Rows, rows.Length - first));
        _call.Begin(some, caches);
        _adapters.Begin(some);
        foreach (var rotary in _rotaries)
            rotary.Fill(some, lengths);
        return some.Length;
    }

    private float[] Unscaled(NativeBuffer<float> queries, LoweredAttention attention)
    {
        var unscale = 1 / (attention.Shape.Scale * _kernels.QueryScale(_pages.Layout.Type));
        var plain = new float[queries.Length];
        for (var i = 0; i < plain.Length; i++)
            plain[i] = queries.Pointer[i] * unscale;
        return plain;
    }

    private static void Copy(float* from, float* to, long floats) =>
        Buffer.MemoryCopy(from, to, floats * sizeof(float), floats * sizeof(float));
}
