using Octavo.Engine.Kernels;

namespace Octavo.Engine.Cache;

/// <summary>What one stored head of a compressed layer keeps: pages of its own with the tokens' true positions, and what came after.</summary>
internal sealed class HeadCache : IDisposable
{
    private readonly PageTable _table;
    private readonly SlotPositions _positions;
    private readonly int _capacity;

    /// <param name="pool">Pages of single heads.</param>
    /// <param name="capacity">The most tokens.</param>
    /// <param name="removed">Tokens of the sequence that it does not store.</param>
    /// <param name="room">Tokens that there is room for at once.</param>
    private HeadCache(PagePool pool, int capacity, int removed, int room)
    {
        _table = new PageTable(pool, capacity);
        _positions = new SlotPositions(room);
        _capacity = capacity;
        Removed = removed;
    }

    /// <summary>Tokens that the sequence has run and that are not stored: a row's slot is its place in the sequence less this.</summary>
    public int Removed { get; }

    /// <summary>Positions of what is stored.</summary>
    public SlotPositions Positions => _positions;

    /// <summary>A page with its one head.</summary>
    public PageView View(int page) => _table.View(page, 0);

    /// <summary>Bytes of its pages.</summary>
    public long Bytes => _table.Bytes(_positions.Pages);

    /// <summary>Packs its first pages.</summary>
    public void Pack(int count, PagePool packed) => _table.Pack(count, packed);

    /// <summary>Copies chosen slots of a head into pages of its own.</summary>
    /// <param name="pool">Pages of single heads.</param>
    /// <param name="capacity">The most tokens of the sequence.</param>
    /// <param name="from">The head as it is stored now.</param>
    /// <param name="slots">Which of its slots, ascending, at least one.</param>
    /// <param name="seen">Tokens that the sequence has run.</param>
    /// <exception cref="OutOfMemoryException">There are no pages; nothing was taken.</exception>
    public static HeadCache Gather(PagePool pool, int capacity, in StoredHead from, ReadOnlySpan<int> slots, int seen)
    {
        var removed = seen - slots.Length;
        var head = new HeadCache(pool, capacity - removed, removed, slots.Length + PagePool.Positions);
        try
        {
            foreach (var slot in slots)
            {
                var to = head._positions.Count;
                if (to % PagePool.Positions == 0)
                    head._table.Rent(to / PagePool.Positions);
                head._positions.Add(from.Position(slot));
                PageCopy.Slot(
                    from.View(slot / PagePool.Positions), slot % PagePool.Positions, head.View(to / PagePool.Positions), to % PagePool.Positions);
            }
            return head;
        }
        catch
        {
            head.Dispose();
            throw;
        }
    }

    /// <summary>Whether the next token needs a page that is not there yet.</summary>
    public bool IsFull => _positions.Count % PagePool.Positions == 0;

    /// <summary>Takes a page for the next token.</summary>
    public void AddPage() => _table.Rent(_positions.Count / PagePool.Positions);

    /// <summary>Gives the page of the next token back.</summary>
    public void RemovePage() => _table.Release(_positions.Count / PagePool.Positions, (_positions.Count / PagePool.Positions) + 1);

    /// <summary>Makes the open page this cache's alone.</summary>
    public void OwnTail() => _table.Own(_positions.Count / PagePool.Positions);

    /// <summary>Takes the next slot.</summary>
    public void Add(int position) => _positions.Add(position);

    /// <summary>Makes the position of each slot its index.</summary>
    public void Renumber()
    {
        var count = _positions.Count;
        _positions.Truncate(0);
        for (var slot = 0; slot < count; slot++)
            _positions.Add(slot);
    }

    /// <summary>Keeps the first slots.</summary>
    public void Truncate(int count)
    {
        _table.Release(SlotPositions.PagesFor(count), _positions.Pages);
        _positions.Truncate(count);
    }

    /// <summary>The same pages for another sequence.</summary>
    public HeadCache Fork()
    {
        var fork = new HeadCache(_table.Pool, _capacity, Removed, _positions.Count + PagePool.Positions);
        fork._table.ShareAll(_table, _positions.Pages);
        fork._positions.CopyFrom(_positions);
        return fork;
    }

    public void Dispose()
    {
        Truncate(0);
        _positions.Dispose();
    }
}
