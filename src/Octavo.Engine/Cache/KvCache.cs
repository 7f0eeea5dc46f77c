using Octavo.Engine.Running;

namespace Octavo.Engine.Cache;

/// <summary>A place in a sequence to return to.</summary>
/// <param name="StoredTokens">How many tokens the cache held.</param>
internal readonly record struct KvMark(int StoredTokens);

/// <summary>The pages [From, To) of a sequence's table.</summary>
internal readonly record struct PageRange(int From, int To)
{
    public int Count => To - From;
}

/// <summary>
/// The cache of one sequence: for each layer a table of pages. A full page is sealed and may be shared; the open tail is copied
/// before it is written while another sequence uses it. What a query sees is decided by positions, not by indices.
/// </summary>
internal sealed class KvCache : IDisposable
{
    private readonly PagePool _pool;
    private readonly int[][] _tables;
    private readonly NativeBuffer<int> _positions;

    public KvCache(PagePool pool, int layers, int capacity)
    {
        _pool = pool;
        Capacity = capacity;
        var pages = (capacity + PagePool.Positions - 1) / PagePool.Positions;
        _tables = new int[layers][];
        for (var layer = 0; layer < layers; layer++)
            _tables[layer] = new int[pages];
        _positions = new NativeBuffer<int>(capacity);
    }

    /// <summary>What the tables of a sequence take, without its pages.</summary>
    public static long TableBytes(int layers, int capacity) =>
        sizeof(int) * (((long)layers * ((capacity + PagePool.Positions - 1) / PagePool.Positions)) + capacity);

    /// <summary>The most tokens that the cache may store.</summary>
    public int Capacity { get; }

    /// <summary>Tokens whose keys and values are stored.</summary>
    public int StoredTokens { get; private set; }

    /// <summary>Tokens that the sequence has run through the model.</summary>
    public int SeenTokens { get; private set; }

    /// <summary>Pages per layer.</summary>
    public int PageCount => (StoredTokens + PagePool.Positions - 1) / PagePool.Positions;

    /// <summary>The page of a layer at an index of its table.</summary>
    public int Page(int layer, int index) => _tables[layer][index];

    /// <summary>Reserves the next slots for tokens at ascending positions, in every layer.</summary>
    /// <param name="position">Position of the first token.</param>
    /// <param name="count">How many tokens.</param>
    public unsafe void Append(int position, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var slot = StoredTokens;
            if (slot % PagePool.Positions == 0)
                AddPages(slot / PagePool.Positions);
            else if (i == 0)
                OwnTail(slot / PagePool.Positions);
            _positions.Pointer[slot] = position + i;
            StoredTokens = slot + 1;
            SeenTokens++;
        }
    }

    /// <summary>Takes a full page of each layer in, shared with its other users, behind full pages of tokens without gaps.</summary>
    /// <param name="pages">One per layer.</param>
    public unsafe void Adopt(ReadOnlySpan<int> pages)
    {
        var first = StoredTokens;
        for (var layer = 0; layer < _tables.Length; layer++)
        {
            _pool.Share(pages[layer]);
            _tables[layer][first / PagePool.Positions] = pages[layer];
        }
        for (var i = 0; i < PagePool.Positions; i++)
            _positions.Pointer[first + i] = first + i;
        StoredTokens += PagePool.Positions;
        SeenTokens += PagePool.Positions;
    }

    /// <summary>
    /// The slots of a page whose positions lie in (after, upTo]; they are neighbours, since positions ascend.
    /// Empty where <c>From</c> is not below <c>To</c>.
    /// </summary>
    public unsafe (int From, int To) Visible(int pageIndex, long after, int upTo)
    {
        var first = pageIndex * PagePool.Positions;
        var count = Math.Min(PagePool.Positions, StoredTokens - first);
        var positions = new ReadOnlySpan<int>(_positions.Pointer + first, count);
        if (positions[0] > after && positions[count - 1] <= upTo)
            return (0, count);
        return (FirstAbove(positions, after), FirstAbove(positions, upTo));
    }

    /// <summary>The pages with slots whose positions lie in (after, upTo].</summary>
    public unsafe PageRange Pages(long after, int upTo)
    {
        var positions = new ReadOnlySpan<int>(_positions.Pointer, StoredTokens);
        var from = after < 0 ? 0 : FirstAbove(positions, after) / PagePool.Positions;
        return new PageRange(from, (FirstAbove(positions, upTo) + PagePool.Positions - 1) / PagePool.Positions);
    }

    /// <summary>Marks the present end of the sequence.</summary>
    public KvMark Mark() => new(StoredTokens);

    /// <summary>Forgets what came after a mark.</summary>
    public void Rollback(KvMark mark)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mark.StoredTokens, StoredTokens);
        var keep = (mark.StoredTokens + PagePool.Positions - 1) / PagePool.Positions;
        var pages = PageCount;
        foreach (var table in _tables)
        {
            for (var page = keep; page < pages; page++)
                _pool.Release(table[page]);
        }
        SeenTokens -= StoredTokens - mark.StoredTokens;
        StoredTokens = mark.StoredTokens;
    }

    /// <summary>A second sequence that begins as this one; pages are shared until one of the two writes.</summary>
    public unsafe KvCache Fork()
    {
        var fork = new KvCache(_pool, _tables.Length, Capacity);
        for (var layer = 0; layer < _tables.Length; layer++)
        {
            for (var page = 0; page < PageCount; page++)
            {
                _pool.Share(_tables[layer][page]);
                fork._tables[layer][page] = _tables[layer][page];
            }
        }
        new ReadOnlySpan<int>(_positions.Pointer, StoredTokens).CopyTo(new Span<int>(fork._positions.Pointer, StoredTokens));
        fork.StoredTokens = StoredTokens;
        fork.SeenTokens = SeenTokens;
        return fork;
    }

    public void Dispose()
    {
        Rollback(new KvMark(0));
        _positions.Dispose();
    }

    private void AddPages(int index)
    {
        var rented = 0;
        try
        {
            for (; rented < _tables.Length; rented++)
                _tables[rented][index] = _pool.Rent();
        }
        catch
        {
            // All layers get the page, or none does.
            while (--rented >= 0)
                _pool.Release(_tables[rented][index]);
            throw;
        }
    }

    private void OwnTail(int index)
    {
        foreach (var table in _tables)
        {
            if (!_pool.IsShared(table[index]))
                continue;
            var own = _pool.Rent();
            _pool.Copy(table[index], own);
            _pool.Release(table[index]);
            table[index] = own;
        }
    }

    private static int FirstAbove(ReadOnlySpan<int> ascending, long limit)
    {
        var low = 0;
        var high = ascending.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (ascending[middle] > limit)
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }
}
