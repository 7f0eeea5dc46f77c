using Octavo.Engine.Kernels;
using Octavo.Engine.Running;

namespace Octavo.Engine.Cache;

/// <summary>The pages of one sequence in one layer, or of one head of it, in order. Pages may be shared with other sequences.</summary>
/// <param name="pool">Where the pages come from.</param>
/// <param name="slots">The most slots.</param>
internal sealed class PageTable(PagePool pool, int slots)
{
    private readonly int[] _pages = new int[SlotPositions.PagesFor(slots)];
    private PagePool? _packedPool;
    private int _packed;

    /// <summary>A page's number in its pool.</summary>
    public int this[int index] => _pages[index];

    /// <summary>Where pages that are not packed come from.</summary>
    public PagePool Pool { get; } = pool;

    /// <summary>Pages at the beginning that are packed.</summary>
    public int PackedPages => _packed;

    /// <summary>A head in a page.</summary>
    public PageView View(int index, int head) => PoolOf(index).View(_pages[index], head);

    /// <summary>Bytes of the first pages.</summary>
    public long Bytes(int count) =>
        ((long)Math.Min(count, _packed) * (_packedPool?.PageBytes ?? 0)) + ((long)Math.Max(0, count - _packed) * Pool.PageBytes);

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

    /// <summary>Packs the first pages, which have to be full; those that are packed already stay.</summary>
    /// <param name="count">How many.</param>
    /// <param name="packed">Where packed pages come from.</param>
    /// <exception cref="OutOfMemoryException">There are no pages; some may be packed then.</exception>
    public unsafe void Pack(int count, PagePool packed)
    {
        using var panel = new NativeBuffer<float>(PagePool.Positions * Pool.Layout.ValueStride);
        for (_packedPool = packed; _packed < count; _packed++)
        {
            var page = packed.Rent();
            for (var head = 0; head < Pool.Heads; head++)
                Kernels.PackedPages.Pack(Pool.View(_pages[_packed], head), packed.View(page, head), panel.Pointer);
            Pool.Release(_pages[_packed]);
            _pages[_packed] = page;
        }
    }

    /// <summary>Gives the pages [from, to) back.</summary>
    public void Release(int from, int to)
    {
        for (var index = from; index < to; index++)
            PoolOf(index).Release(_pages[index]);
        _packed = Math.Min(_packed, from);
    }

    /// <summary>Shares the first pages of another table.</summary>
    public void ShareAll(PageTable other, int count)
    {
        (_packedPool, _packed) = (other._packedPool, other._packed);
        for (var index = 0; index < count; index++)
        {
            PoolOf(index).Share(other[index]);
            _pages[index] = other[index];
        }
    }

    private PagePool PoolOf(int index) => index < _packed ? _packedPool! : Pool;
}
