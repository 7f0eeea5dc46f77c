using System.Runtime.InteropServices;
using Octavo.Engine.Running;

namespace Octavo.Engine.Cache;

/// <summary>
/// Pages of keys and values in native memory. One page holds 64 positions of all stored heads of one layer: for each head
/// K[64][Dh], then V[64][Dh], fp32. Pages are counted by reference, so sequences share what they have in common.
/// </summary>
internal sealed unsafe class PagePool : IDisposable
{
    /// <summary>Positions of a page.</summary>
    public const int Positions = 64;

    private const int PagesPerSlab = 32;
    private const int Alignment = 64;

    private readonly NativeList<nint> _slabs = new();
    private readonly NativeList<int> _free = new();
    private readonly NativeList<int> _references = new();
    private bool _disposed;

    public PagePool(int kvHeads, int headDim)
    {
        HeadFloats = 2 * Positions * headDim;
        PageFloats = checked(kvHeads * HeadFloats);
        HeadDim = headDim;
    }

    /// <summary>Floats of one head's keys and values in a page.</summary>
    public int HeadFloats { get; }

    /// <summary>Floats of a page.</summary>
    public int PageFloats { get; }

    /// <summary>Width of a head (Dh).</summary>
    public int HeadDim { get; }

    /// <summary>Pages in use.</summary>
    public int PagesInUse => _references.Count - _free.Count;

    /// <summary>Bytes of memory held, in use or not.</summary>
    public long BytesReserved => (long)_slabs.Count * PagesPerSlab * PageFloats * sizeof(float);

    ~PagePool() => FreeSlabs();

    /// <summary>Takes a page; its reference count is 1.</summary>
    public int Rent()
    {
        lock (_slabs)
        {
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
            _references[page]++;
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
            return _references[page] > 1;
    }

    /// <summary>The keys of a head in a page: K[64][Dh].</summary>
    public float* Keys(int page, int kvHead) =>
        (float*)_slabs[page / PagesPerSlab] + ((long)(page % PagesPerSlab) * PageFloats) + ((long)kvHead * HeadFloats);

    /// <summary>The values of a head in a page: V[64][Dh].</summary>
    public float* Values(int page, int kvHead) => Keys(page, kvHead) + (Positions * HeadDim);

    /// <summary>Copies a page into another.</summary>
    public void Copy(int from, int to) =>
        NativeMemory.Copy(Keys(from, 0), Keys(to, 0), (nuint)PageFloats * sizeof(float));

    public void Dispose()
    {
        lock (_slabs)
            _disposed = true;
        FreeSlabs();
        _free.Dispose();
        _references.Dispose();
        GC.SuppressFinalize(this);
    }

    private void AddSlab()
    {
        var bytes = (nuint)PagesPerSlab * (nuint)PageFloats * sizeof(float);
        _slabs.Add((nint)NativeMemory.AlignedAlloc(bytes, Alignment));
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
        _slabs.Truncate(0);
    }
}
