namespace Octavo.Engine.Running;

/// <summary>A growing list in native memory: growth during generation does not touch the managed heap.</summary>
/// <typeparam name="T">What it holds.</typeparam>
/// <param name="isOwned">Whether an owner frees it whose own finalizer reads it: this one's might run before.</param>
internal sealed unsafe class NativeList<T>(bool isOwned = false) : IDisposable
    where T : unmanaged
{
    private T* _items;
    private int _capacity;

    /// <summary>How many items.</summary>
    public int Count { get; private set; }

    /// <summary>The item at an index below <see cref="Count"/>.</summary>
    public ref T this[int index] => ref _items[index];

    /// <summary>The items.</summary>
    public ReadOnlySpan<T> Span => new(_items, Count);

    ~NativeList()
    {
        if (!isOwned)
            System.Runtime.InteropServices.NativeMemory.Free(_items);
    }

    public void Add(T item)
    {
        if (Count == _capacity)
        {
            var capacity = Math.Max(16, checked(_capacity * 2));
            _items = (T*)System.Runtime.InteropServices.NativeMemory.Realloc(_items, (nuint)((long)capacity * sizeof(T)));
            _capacity = capacity;
        }
        _items[Count++] = item;
    }

    public T RemoveLast() => _items[--Count];

    /// <summary>Forgets items from <paramref name="count"/> on.</summary>
    public void Truncate(int count) => Count = Math.Min(Count, count);

    /// <summary>Sorts by the items' own order.</summary>
    public void Sort() => new Span<T>(_items, Count).Sort();

    public void Dispose()
    {
        System.Runtime.InteropServices.NativeMemory.Free(_items);
        _items = null;
        Count = _capacity = 0;
        GC.SuppressFinalize(this);
    }
}
