using Octavo.Core;
using Octavo.Engine.Kernels;

namespace Octavo.Engine.Cache;

/// <summary>A place in a sequence to return to.</summary>
/// <param name="SeenTokens">How many tokens the sequence had.</param>
internal readonly record struct KvMark(int SeenTokens);

/// <summary>
/// The cache of one sequence. For each layer a table of pages that all heads share; a layer that was compressed has a table for each
/// stored head instead. A full page is sealed and may be shared; the open tail is copied before it is written while another sequence
/// uses it. What a query sees is decided by positions, not by slots.
/// </summary>
internal sealed class KvCache : IDisposable
{
    private readonly PagePool _pool;
    private readonly PageTable[] _tables;
    private readonly HeadCache[]?[] _heads;
    private readonly SlotPositions _positions;
    private int _compressedLayers;
    private int _fixed;

    public KvCache(PagePool pool, int layers, int capacity)
    {
        _pool = pool;
        Capacity = capacity;
        _tables = new PageTable[layers];
        for (var layer = 0; layer < layers; layer++)
            _tables[layer] = new PageTable(pool, capacity);
        _heads = new HeadCache[layers][];
        _positions = new SlotPositions(capacity);
    }

    /// <summary>What the tables of a sequence take, without its pages.</summary>
    public static long TableBytes(int layers, int capacity) => sizeof(int) * (((long)layers * SlotPositions.PagesFor(capacity)) + capacity);

    /// <summary>The most tokens that the cache may hold.</summary>
    public int Capacity { get; }

    /// <summary>Tokens that the sequence has run through the model.</summary>
    public int SeenTokens => _positions.Count;

    /// <summary>Pages of a layer that is not compressed.</summary>
    public int PageCount => _positions.Pages;

    /// <summary>Whether every layer stores every token.</summary>
    public bool IsWhole => _compressedLayers == 0;

    /// <summary>What watches the sequence's queries while its prompt is read; null for nothing.</summary>
    public Kv.PromptWatch? Watch { get; set; }

    /// <summary>How a method has the sequence read; null where all that is stored is read.</summary>
    public Kv.KvReading? Reading { get; set; }

    /// <summary>What attention has computed for the sequence.</summary>
    public Kv.AttentionWork Work { get; set; }

    /// <summary>Whether the heads of a layer have tables of their own.</summary>
    public bool IsCompressed(int layer) => _heads[layer] is not null;

    /// <summary>The page of a layer that is not compressed, at an index of its table.</summary>
    public int Page(int layer, int index) => _tables[layer][index];

    /// <summary>Heads that a layer stores.</summary>
    public int StoredHeads(int layer) => _heads[layer]?.Length ?? _pool.Heads;

    /// <summary>Tokens that a head stores.</summary>
    public int StoredTokens(int layer, int head) => PositionsOf(layer, head).Count;

    /// <summary>The positions of what a head stores.</summary>
    public SlotPositions PositionsOf(int layer, int head) => _heads[layer] is { } heads ? heads[head].Positions : _positions;

    /// <summary>A head in a page of its table.</summary>
    public PageView View(int layer, int head, int page) =>
        _heads[layer] is { } heads ? heads[head].View(page) : _tables[layer].View(page, head);

    /// <summary>Where a head stores the token that has a place in the sequence.</summary>
    public int Slot(int layer, int head, int place) => _heads[layer] is { } heads ? place - heads[head].Removed : place;

    /// <summary>Bytes of the pages in use by this sequence, shared ones included.</summary>
    public long StoredBytes()
    {
        var bytes = 0L;
        for (var layer = 0; layer < _tables.Length; layer++)
        {
            bytes += _heads[layer] is { } heads ? heads.Sum(head => head.Bytes) : _tables[layer].Bytes(PageCount);
        }
        return bytes;
    }

    /// <summary>Reserves the next slots for tokens at ascending positions, in every layer.</summary>
    /// <param name="position">Position of the first token.</param>
    /// <param name="count">How many tokens.</param>
    public void Append(int position, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (i == 0)
                OwnTails();
            AddPages();
            _positions.Add(position + i);
            foreach (var heads in _heads)
            {
                foreach (var head in heads ?? [])
                    head.Add(position + i - Shift);
            }
        }
    }

    /// <summary>Takes a full page of each layer in, shared with its other users, behind full pages of tokens without gaps.</summary>
    /// <param name="pages">One per layer.</param>
    public void Adopt(ReadOnlySpan<int> pages)
    {
        var first = SeenTokens;
        for (var layer = 0; layer < _tables.Length; layer++)
            _tables[layer].Share(first / PagePool.Positions, pages[layer]);
        for (var i = 0; i < PagePool.Positions; i++)
            _positions.Add(first + i);
    }

    /// <summary>Gives a layer's heads tables of their own with some of what they store; the rest is forgotten.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="kept">For each head that is to be stored its slots, ascending; as many heads as are stored now, or a multiple.</param>
    /// <exception cref="OutOfMemoryException">There are no pages; the layer is as it was.</exception>
    /// <exception cref="ConfigException">The choice makes no sense; the layer is as it was.</exception>
    public void Compress(int layer, ReadOnlySpan<int[]> kept)
    {
        var before = StoredHeads(layer);
        Check(layer, kept, before);
        var heads = new HeadCache[kept.Length];
        var made = 0;
        try
        {
            for (; made < heads.Length; made++)
            {
                var from = new StoredHead(this, layer, made * before / heads.Length);
                heads[made] = HeadCache.Gather(_pool.ForHeads, Capacity, from, kept[made], SeenTokens);
            }
        }
        catch
        {
            for (var i = 0; i < made; i++)
                heads[i].Dispose();
            throw;
        }
        if (_heads[layer] is { } old)
        {
            foreach (var head in old)
                head.Dispose();
        }
        else
        {
            _tables[layer].Release(0, PageCount);
            _compressedLayers++;
        }
        _heads[layer] = heads;
        _fixed = SeenTokens;
        Reading?.Forget(layer);
    }

    /// <summary>Packs full pages of what is stored, but for the last tokens.</summary>
    /// <exception cref="OutOfMemoryException">There are no pages; some may be packed then.</exception>
    /// <exception cref="UnsupportedException">Heads of this width cannot be packed so; nothing was.</exception>
    public void Pack(Kv.KvPacking packing)
    {
        for (var layer = 0; layer < _tables.Length; layer++)
        {
            foreach (var head in _heads[layer] ?? [])
                head.Pack(Full(head.Positions.Count), _pool.ForHeads.Packed(packing.Bits, packing.Group));
            if (_heads[layer] is null)
                _tables[layer].Pack(Full(SeenTokens), _pool.Packed(packing.Bits, packing.Group));
        }
        (IsPacked, _fixed) = (true, SeenTokens);

        int Full(int tokens) => Math.Max(0, tokens - packing.Residual) / PagePool.Positions;
    }

    /// <summary>Whether some of its pages are packed.</summary>
    public bool IsPacked { get; private set; }

    /// <summary>By how much the position of a token is below its place in the sequence: what was kept has moved together.</summary>
    public int Shift { get; private set; }

    /// <summary>Gives what every head keeps the positions from 0 on; their keys have been moved there. All heads of all layers keep as many.</summary>
    public void Renumber()
    {
        Shift = SeenTokens - StoredTokens(0, 0);
        foreach (var heads in _heads)
        {
            foreach (var head in heads!)
                head.Renumber();
        }
    }

    /// <summary>Whether it holds keys and values that were computed without the tokens before them.</summary>
    public bool IsBlended { get; set; }

    private void Check(int layer, ReadOnlySpan<int[]> kept, int before)
    {
        if (kept.IsEmpty || kept.Length % before != 0)
            throw new ConfigException($"Layer {layer} stores {before} heads; a choice for {kept.Length} does not fit.");
        for (var head = 0; head < kept.Length; head++)
        {
            var (slots, count) = (kept[head], StoredTokens(layer, head * before / kept.Length));
            for (var i = 0; i < slots.Length; i++)
            {
                if (slots[i] < 0 || slots[i] >= count || (i > 0 && slots[i] <= slots[i - 1]))
                    throw new ConfigException($"Layer {layer}, head {head}: {slots[i]} at {i} is no ascending index of {count} tokens.");
            }
            if (slots.Length == 0)
                throw new ConfigException($"Layer {layer}, head {head}: at least one token has to be kept.");
        }
    }

    /// <summary>Marks the present end of the sequence.</summary>
    public KvMark Mark() => new(SeenTokens);

    /// <summary>Whether the sequence can return to so many tokens: what a compressed cache stores of the tokens before it cannot be taken apart.</summary>
    public bool CanRollBack(int tokens) => tokens == 0 || tokens >= _fixed;

    /// <summary>Forgets what came after a mark.</summary>
    public void Rollback(KvMark mark)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mark.SeenTokens, SeenTokens);
        if (!CanRollBack(mark.SeenTokens))
            throw new InvalidOperationException($"The first {_fixed} tokens were compressed together; a return to {mark.SeenTokens} of them is not possible.");
        for (var layer = 0; layer < _tables.Length; layer++)
        {
            if (_heads[layer] is not { } heads)
                _tables[layer].Release(SlotPositions.PagesFor(mark.SeenTokens), PageCount);
            else if (mark.SeenTokens == 0)
                Forget(layer, heads);
            else
                Truncate(heads, mark.SeenTokens);
        }
        _positions.Truncate(mark.SeenTokens);
        for (var layer = 0; Reading is not null && layer < _tables.Length; layer++)
            Reading.Truncate(layer, head => StoredTokens(layer, head));
        if (mark.SeenTokens == 0)
            (_fixed, IsPacked, IsBlended, Shift) = (0, false, false, 0);
    }

    /// <summary>A second sequence that begins as this one; pages are shared until one of the two writes.</summary>
    public KvCache Fork()
    {
        var fork = new KvCache(_pool, _tables.Length, Capacity) { _compressedLayers = _compressedLayers, _fixed = _fixed, IsPacked = IsPacked, IsBlended = IsBlended, Shift = Shift, Work = Work };
        for (var layer = 0; layer < _tables.Length; layer++)
        {
            if (_heads[layer] is { } heads)
                fork._heads[layer] = [.. heads.Select(head => head.Fork())];
            else
                fork._tables[layer].ShareAll(_tables[layer], PageCount);
        }
        fork._positions.CopyFrom(_positions);
        return fork;
    }

    public void Dispose()
    {
        Rollback(new KvMark(0));
        _positions.Dispose();
    }

    private void Forget(int layer, HeadCache[] heads)
    {
        foreach (var head in heads)
            head.Dispose();
        _heads[layer] = null;
        _compressedLayers--;
    }

    private static void Truncate(HeadCache[] heads, int seen)
    {
        foreach (var head in heads)
            head.Truncate(seen - head.Removed);
    }

    /// <summary>Takes the pages that the next token needs: all, or none.</summary>
    private void AddPages()
    {
        var layer = 0;
        var head = 0;
        try
        {
            for (; layer < _tables.Length; layer++, head = 0)
            {
                if (_heads[layer] is not { } heads)
                {
                    if (SeenTokens % PagePool.Positions == 0)
                        _tables[layer].Rent(PageCount);
                    continue;
                }
                for (; head < heads.Length; head++)
                {
                    if (heads[head].IsFull)
                        heads[head].AddPage();
                }
            }
        }
        catch
        {
            RemovePages(layer, head);
            throw;
        }
    }

    private void RemovePages(int layers, int headsOfLast)
    {
        for (var layer = 0; layer <= layers; layer++)
        {
            if (_heads[layer] is { } heads)
            {
                for (var head = 0; head < (layer < layers ? heads.Length : headsOfLast); head++)
                {
                    if (heads[head].IsFull)
                        heads[head].RemovePage();
                }
            }
            else if (layer < layers && SeenTokens % PagePool.Positions == 0)
            {
                _tables[layer].Release(PageCount, PageCount + 1);
            }
        }
    }

    private void OwnTails()
    {
        for (var layer = 0; layer < _tables.Length; layer++)
        {
            if (_heads[layer] is not { } heads)
            {
                if (SeenTokens % PagePool.Positions != 0)
                    _tables[layer].Own(SeenTokens / PagePool.Positions);
                continue;
            }
            foreach (var head in heads)
            {
                if (!head.IsFull)
                    head.OwnTail();
            }
        }
    }
}
