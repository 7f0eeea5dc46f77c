using Octavo.Engine.Cache;
using Octavo.Engine.Kernels;
using Octavo.Engine.Kv;

namespace Octavo.Engine.Running;

/// <summary>What became of the tokens of a blended prompt.</summary>
/// <param name="Deviation">
/// For each token that came from a chunk and wants no output, in order, how far its value in the second layer is from what is stored: the
/// mean over heads and numbers of the squared difference.
/// </param>
/// <param name="Recomputed">Positions of the tokens that ran from the second layer's attention on, ascending.</param>
internal sealed record BlendOutcome(float[] Deviation, int[] Recomputed);

/// <content>Prompts that are put together from chunks which were read alone.</content>
internal sealed unsafe partial class ForwardPass
{
    /// <summary>
    /// Runs one sequence's rows layer by layer where keys and values of some are known from chunks. All rows run through the first layer; in
    /// the second those of the chunks whose values deviate most are picked, and they and all others run on. The rest keep the chunks' keys and
    /// values, moved to their positions. With a ratio of 1 bits are those of <see cref="Run"/>.
    /// </summary>
    /// <param name="rows">Any number, all of one sequence, at neighbouring positions; slots are positions and reserved already.</param>
    /// <param name="cache">Its cache; no layer is compressed.</param>
    /// <param name="lengths">The length of the sequence once all rows are done.</param>
    /// <param name="chunks">Chunks within the rows, ascending and apart.</param>
    /// <param name="ratio">The share of the chunks' tokens that is computed anew, rounded down.</param>
    /// <param name="head">What rows that want it are projected with; these run in any case.</param>
    /// <param name="output">[wanting rows, head's rows]</param>
    /// <param name="afterLayer">Called after each layer; may throw to stop.</param>
    public BlendOutcome RunBlended(
        ReadOnlySpan<Row> rows, KvCache cache, ReadOnlySpan<int> lengths, IReadOnlyList<PlacedChunk> chunks, double ratio, LoweredLinear? head,
        float* output, Action<int> afterLayer)
    {
        KvCache[] caches = [cache];
        Move(chunks, cache, lengths[0]);
        using var stream = Embed(rows, caches, lengths);
        RunLayer(0, rows, caches, lengths, stream.Pointer);
        afterLayer(0);
        var known = Known(rows, chunks);
        var deviation = Deviation(rows, known, caches, lengths, stream.Pointer);
        var picked = Pick(rows, known, Best.Of(deviation, (int)(ratio * known.Length)), stream.Pointer);
        for (var layer = 1; layer < _model.Layers.Length; layer++)
        {
            RunLayer(layer, picked, caches, lengths, stream.Pointer);
            afterLayer(layer);
        }
        ProjectAll(picked, caches, lengths, stream.Pointer, head, output);
        return new BlendOutcome(deviation, [.. picked.Select(row => row.Position)]);
    }

    private void Move(IReadOnlyList<PlacedChunk> chunks, KvCache cache, int length)
    {
        if (chunks.Count == 0)
            return;
        using var region = new MoveRegion(_model, _kernels, _pages, _pool.Threads, chunks.Max(chunk => chunk.Cache.SeenTokens), length);
        foreach (var chunk in chunks)
            _pool.Run(region, region.Prepare(chunk, cache));
    }

    /// <summary>Indices of the rows that come from chunks and want no output.</summary>
    private static int[] Known(ReadOnlySpan<Row> rows, IReadOnlyList<PlacedChunk> chunks)
    {
        List<int> known = [];
        var chunk = 0;
        for (var row = 0; row < rows.Length; row++)
        {
            while (chunk < chunks.Count && chunks[chunk].End <= rows[row].Position)
                chunk++;
            if (chunk < chunks.Count && chunks[chunk].Position <= rows[row].Position && rows[row].Wanted == Wanted.Nothing)
                known.Add(row);
        }
        return [.. known];
    }

    /// <summary>How far the second layer's values of known rows are from what is stored.</summary>
    private float[] Deviation(ReadOnlySpan<Row> rows, int[] known, KvCache[] caches, ReadOnlySpan<int> lengths, float* stream)
    {
        var deviation = new float[known.Length];
        var some = new Row[known.Length];
        for (var i = 0; i < known.Length; i++)
            some[i] = rows[known[i]];
        var attention = _model.AttentionOf(1);
        var width = attention.Shape.KvHeads * attention.Shape.HeadDim;
        for (var first = 0; first < some.Length; first += Rows)
        {
            var count = Begin(some, first, caches, lengths);
            for (var i = 0; i < count; i++)
                Copy(stream + ((long)known[first + i] * _work.Hidden), _work.X + ((long)i * _work.Hidden), _work.Hidden);
            RunRows(_stream.Between(null, _model.Layers[1][0]), count);
            _linear.Begin(_work.Normed, _work.Quantized(_work.Hidden), _work.Hidden, count);
            _linear.Add(attention.Qkv[2], _work.V);
            _linear.RunOn(_pool);
            for (var i = 0; i < count; i++)
                deviation[first + i] = SquaredDistance(caches[0], some[first + i].Slot, _work.V + ((long)i * width), attention.Shape.HeadDim) / width;
        }
        return deviation;
    }

    private static float SquaredDistance(KvCache cache, int slot, float* values, int headDim)
    {
        var sum = 0f;
        for (var head = 0; head < cache.StoredHeads(1); head++)
        {
            var page = cache.View(1, head, slot / PagePool.Positions);
            for (var d = 0; d < headDim; d++)
            {
                var difference = values[(head * headDim) + d] - ScalarPages.Value(page, slot % PagePool.Positions, d);
                sum += difference * difference;
            }
        }
        return sum;
    }

    /// <summary>The rows that run on, with their part of the stream moved to its beginning.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="known">Those that come from chunks.</param>
    /// <param name="chosen">Indices of <paramref name="known"/> that run on nevertheless, ascending.</param>
    /// <param name="stream">[rows, C]</param>
    private Row[] Pick(ReadOnlySpan<Row> rows, int[] known, int[] chosen, float* stream)
    {
        var stays = new bool[rows.Length];
        foreach (var row in known)
            stays[row] = true;
        foreach (var index in chosen)
            stays[known[index]] = false;
        var picked = new Row[rows.Length - known.Length + chosen.Length];
        for (int row = 0, at = 0; row < rows.Length; row++)
        {
            if (stays[row])
                continue;
            if (at != row)
                Copy(stream + ((long)row * _work.Hidden), stream + ((long)at * _work.Hidden), _work.Hidden);
            picked[at++] = rows[row];
        }
        return picked;
    }
}
