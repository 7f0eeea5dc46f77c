namespace Octavo.Engine.Cache;

/// <summary>The pages of one sequence in one layer, or of one head of it, in order. Pages may be shared with other sequences.</summary>
/// <param name="pool">Where the pages come from.</param>
/// <param name="slots">The most slots.</param>
internal sealed class PageTable(PagePool pool, int slots)
{
    private readonly int[] _pages = new int[SlotPositions.PagesFor(slots)];

    /// <summary>A page's number in the pool.</summary>
    public int this[int index] => _pages[index];

    /// <summary>Where the pages come from.</summary>
    public PagePool Pool { get; } = pool;

    /// <summary>Takes a new page.</summary>
    /// <exception cref="OutOfMemoryException">There is none; nothing was taken.</exception>
    public void Rent(int index) => _pages[index] = Pool.Rent();

    /// <summary>Uses a page that others use too.</summary>
    public void Share(int index, int page)
    {
        Pool.Share(page);
        _pages[index] = page;
    }

    /// <summary>Makes a page this table's alone, by a copy where others use it.</summary>
    public void Own(int index)
    {
        if (!Pool.IsShared(_pages[index]))
            return;
        var own = Pool.Rent();
        Pool.Copy(_pages[index], own);
        Pool.Release(_pages[index]);
        _pages[index] = own;
    }

    /// <summary>Gives the pages [from, to) back.</summary>
    public void Release(int from, int to)
    {
        for (var index = from; index < to; index++)
            Pool.Release(_pages[index]);
    }

    /// <summary>Shares the first pages of another table.</summary>
    public void ShareAll(PageTable other, int count)
    {
        for (var index = 0; index < count; index++)
            Share(index, other[index]);
    }
}
