using System.Runtime.InteropServices;
using Octavo.Engine.Kernels;
using Octavo.Engine.Running;

namespace Octavo.Engine.Cache;

/// <summary>
/// Pages of keys and values in native memory. One page holds 64 positions of all stored heads of one layer, head after head, each
/// as <see cref="PageLayout"/> says. Pages are counted by reference, so sequences share what they have in common.
/// </summary>
internal sealed unsafe class PagePool : IDisposable
{
    /// <summary>Positions of a page.</summary>
    public const int Positions = PageLayout.Positions;

    private const int PagesPerSlab = 32;
    private const int Alignment = 64;

    private readonly NativeList<nint> _slabs = new(isOwned: true);
    private readonly NativeList<int> _free = new();
    private readonly NativeList<int> _references = new();
    private readonly List<PagePool> _packed = [];
    private PagePool? _single;
    private bool _disposed;

    public PagePool(int kvHeads, int headDim, KvType type = KvType.F32)
        : this(kvHeads, new PageLayout(type, headDim))
    {
    }

    private PagePool(int kvHeads, PageLayout layout)
    {
        Heads = kvHeads;
        Layout = layout;
        PageBytes = checked(kvHeads * Layout.HeadBytes);
    }

    /// <summary>Heads of a page.</summary>
    public int Heads { get; }

    /// <summary>Pages of single heads alike, for layers whose heads keep different tokens; made when first asked for.</summary>
    public PagePool ForHeads
    {
        get
        {
            lock (_slabs)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                return _single ??= new PagePool(1, Layout.HeadDim, Layout.Type);
            }
        }
    }

    /// <summary>Pages of the same heads in few bits, for full pages that are packed; made when first asked for.</summary>
    /// <exception cref="Octavo.Core.UnsupportedException">Heads of this width cannot be packed so.</exception>
    public PagePool Packed(int bits, int group)
    {
        lock (_slabs)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_packed.Find(pool => pool.Layout.Bits == bits && pool.Layout.KeyGroup == group) is { } known)
                return known;
            var made = new PagePool(Heads, PageLayout.Packed(Layout.HeadDim, bits, group));
            _packed.Add(made);
            return made;
        }
    }

    /// <summary>How each head lies in a page.</summary>
    public PageLayout Layout { get; }

    /// <summary>Bytes of a page.</summary>
    public int PageBytes { get; }

    /// <summary>Pages in use.</summary>
    public int PagesInUse => _references.Count - _free.Count;

    /// <summary>Bytes of memory held, in use or not.</summary>
    public long BytesReserved
    {
        get
        {
            lock (_slabs)
                return ((long)_slabs.Count * PagesPerSlab * PageBytes) + (_single?.BytesReserved ?? 0) + _packed.Sum(pool => pool.BytesReserved);
        }
    }

    ~PagePool() => FreeSlabs();

    /// <summary>What so many pages take: slabs are whole.</summary>
    /// <param name="pages">How many.</param>
    /// <param name="pageBytes">Bytes of a page.</param>
    public static long BytesFor(long pages, int pageBytes) => checked((pages + PagesPerSlab - 1) / PagesPerSlab * PagesPerSlab * pageBytes);

    /// <summary>Bytes of a page of one layer.</summary>
    public static int PageBytesOf(int kvHeads, int headDim, KvType type) => checked(kvHeads * new PageLayout(type, headDim).HeadBytes);

    /// <summary>Takes a page; its reference count is 1.</summary>
    public int Rent()
    {
        lock (_slabs)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_free.Count == 0)
                AddSlab();
            var page = _free.RemoveLast();
            _references[page] = 1;
            return page;
        }
    }

    /// <summary>Counts one more user of a page.</summary>
    public void Share(int page)
    {
        lock (_slabs)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _references[page]++;
        }
    }

    /// <summary>Counts one user less; the last one gives the page back.</summary>
    public void Release(int page)
    {
        lock (_slabs)
        {
            // A session may outlive its model; its pages are gone then.
            if (_disposed)
                return;
            if (--_references[page] == 0)
                _free.Add(page);
        }
    }

    /// <summary>Whether other sequences use the page too.</summary>
    public bool IsShared(int page)
    {
        lock (_slabs)
            return !_disposed && _references[page] > 1;
    }

    /// <summary>A head in a page.</summary>
    public PageView View(int page, int kvHead) => new(Data(page) + ((long)kvHead * Layout.HeadBytes), Layout);

    /// <summary>Copies a page into another.</summary>
    public void Copy(int from, int to) => NativeMemory.Copy(Data(from), Data(to), (nuint)PageBytes);

    /// <summary>Copies a page out, from any thread.</summary>
    public void Read(int page, Span<byte> to)
    {
        lock (_slabs)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            new ReadOnlySpan<byte>(Data(page), PageBytes).CopyTo(to);
        }
    }

    public void Dispose()
    {
        lock (_slabs)
        {
            _disposed = true;
            _single?.Dispose();
            _packed.ForEach(pool => pool.Dispose());
            FreeSlabs();
            _free.Dispose();
            _references.Dispose();
        }
        GC.SuppressFinalize(this);
    }

    /// <summary>The bytes of a page.</summary>
    public byte* Data(int page) => (byte*)_slabs[page / PagesPerSlab] + ((long)(page % PagesPerSlab) * PageBytes);

    private void AddSlab()
    {
        var bytes = (nuint)PagesPerSlab * (nuint)PageBytes;
        var slab = NativeMemory.AlignedAlloc(bytes, Alignment);
        // Kernels read slots that hold nothing yet, and the columns beyond a head's width: they must be finite.
        NativeMemory.Clear(slab, bytes);
        _slabs.Add((nint)slab);
        var first = _references.Count;
        for (var i = 0; i < PagesPerSlab; i++)
            _references.Add(0);
        for (var i = PagesPerSlab - 1; i >= 0; i--)
            _free.Add(first + i);
    }

    private void FreeSlabs()
    {
        foreach (var slab in _slabs.Span)
            NativeMemory.AlignedFree((void*)slab);
        _slabs.Dispose();
    }
}
