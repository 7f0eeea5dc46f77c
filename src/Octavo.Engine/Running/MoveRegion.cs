using Octavo.Engine.Cache;
using Octavo.Engine.Kernels;
using Octavo.Engine.Threads;

namespace Octavo.Engine.Running;

/// <summary>A text whose keys and values were computed alone, and where it stands in a sequence.</summary>
/// <param name="Cache">What was computed, at positions from 0.</param>
/// <param name="Position">The position of its first token in the sequence.</param>
internal readonly record struct PlacedChunk(KvCache Cache, int Position)
{
    /// <summary>The position behind its last token.</summary>
    public int End => Position + Cache.SeenTokens;
}

/// <summary>
/// Copies a chunk's keys and values into slots that a sequence has reserved, the keys moved to their new positions; all layers but the
/// first, which is computed anew in any case. An item is a head of a layer.
/// </summary>
internal sealed unsafe class MoveRegion : Region, IDisposable
{
    private readonly LoweredModel _model;
    private readonly KernelSet _kernels;
    private readonly KeyMove[] _moves;
    private readonly NativeBuffer<float> _scratch;
    private readonly int _heads;
    private readonly long _workerFloats;
    private PlacedChunk _chunk;
    private KvCache _to = null!;

    /// <param name="model">The model.</param>
    /// <param name="kernels">The kernels.</param>
    /// <param name="pages">Where the pages come from.</param>
    /// <param name="threads">Threads that copy.</param>
    /// <param name="longest">Tokens of the longest chunk.</param>
    /// <param name="length">Tokens of the sequence.</param>
    public MoveRegion(LoweredModel model, KernelSet kernels, PagePool pages, int threads, int longest, int length)
    {
        _model = model;
        _kernels = kernels;
        _heads = pages.Heads;
        _moves = [.. model.Rotaries.Select(rotary => new KeyMove(rotary, longest, length))];
        _workerFloats = PagePool.Positions * (pages.Layout.HeadDim + (long)pages.Layout.ValueStride) + pages.Layout.ValueStride;
        _scratch = new NativeBuffer<float>(_workerFloats * threads);
    }

    /// <summary>Gets a chunk ready and returns the number of items.</summary>
    /// <param name="chunk">The chunk; no layer of it is compressed.</param>
    /// <param name="to">The sequence: a token's slot is its position, no layer is compressed and the slots are nobody else's.</param>
    public int Prepare(in PlacedChunk chunk, KvCache to)
    {
        (_chunk, _to) = (chunk, to);
        foreach (var move in _moves)
        {
            for (var token = 0; token < chunk.Cache.SeenTokens; token++)
                move.Set(token, token, chunk.Position + token);
        }
        return (_model.Layers.Length - 1) * _heads;
    }

    public override void Run(int item, int worker)
    {
        var (layer, head) = (1 + (item / _heads), item % _heads);
        var attention = _model.AttentionOf(layer);
        var move = attention.Rotary < 0 ? null : _moves[attention.Rotary];
        var headDim = attention.Shape.HeadDim;
        var key = _scratch.Pointer + (worker * _workerFloats);
        for (var first = 0; first < _chunk.Cache.SeenTokens; first += PagePool.Positions)
        {
            var page = _chunk.Cache.View(layer, head, first / PagePool.Positions);
            var stride = page.Layout.ValueStride;
            var panel = key + stride;
            var keys = PortablePages.Keys(page, panel);
            var values = PortablePages.Values(page, panel + (PagePool.Positions * headDim));
            for (var i = 0; i < Math.Min(PagePool.Positions, _chunk.Cache.SeenTokens - first); i++)
            {
                for (var d = 0; d < headDim; d++)
                    key[d] = keys[(d * PagePool.Positions) + i];
                move?.Turn(_kernels, first + i, key, headDim, attention.Pairing);
                var slot = _chunk.Position + first + i;
                var to = _to.View(layer, head, slot / PagePool.Positions);
                if (!_kernels.StorePosition(to, slot % PagePool.Positions, key, values + (i * stride)))
                    throw new UnstorableException(0, $"A key of layer {layer} that was moved to position {slot} does not fit pages of fp16. Store fp32 instead (--kv f32, EngineOptions.KvType).");
            }
        }
    }

    public void Dispose()
    {
        _scratch.Dispose();
        foreach (var move in _moves)
            move.Dispose();
    }
}
