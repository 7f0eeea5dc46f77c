using Octavo.Engine.Running;

namespace Octavo.Engine.Cache;

/// <summary>The pages [From, To) of a table.</summary>
internal readonly record struct PageRange(int From, int To)
{
    public int Count => To - From;
}

/// <summary>The true positions of stored tokens, ascending: they decide what a query sees, slots do not.</summary>
/// <param name="room">Tokens that there is room for; more makes it grow.</param>
internal sealed unsafe class SlotPositions(int room) : IDisposable
{
    private NativeBuffer<int> _positions = new(room);

    /// <summary>Slots that are taken.</summary>
    public int Count { get; private set; }

    /// <summary>Pages that are taken, wholly or in part.</summary>
    public int Pages => PagesFor(Count);

    /// <summary>The positions.</summary>
    public ReadOnlySpan<int> Span => new(_positions.Pointer, Count);

    /// <summary>Pages of so many slots.</summary>
    public static int PagesFor(int slots) => (slots + PagePool.Positions - 1) / PagePool.Positions;

    /// <summary>Takes the next slot.</summary>
    public void Add(int position)
    {
        if (Count == _positions.Length)
            Grow(2 * Count);
        _positions.Pointer[Count++] = position;
    }

    /// <summary>Forgets slots from <paramref name="count"/> on.</summary>
    public void Truncate(int count) => Count = count;

    /// <summary>Takes over what another holds.</summary>
    public void CopyFrom(SlotPositions other)
    {
        if (other.Count > _positions.Length)
            Grow(other.Count);
        other.Span.CopyTo(new Span<int>(_positions.Pointer, other.Count));
        Count = other.Count;
    }

    /// <summary>
    /// The slots of a page whose positions lie in (after, upTo]; they are neighbours, since positions ascend.
    /// Empty where <c>From</c> is not below <c>To</c>.
    /// </summary>
    public (int From, int To) Visible(int page, long after, int upTo)
    {
        var first = page * PagePool.Positions;
        var count = Math.Min(PagePool.Positions, Count - first);
        var positions = new ReadOnlySpan<int>(_positions.Pointer + first, count);
        if (positions[0] > after && positions[count - 1] <= upTo)
            return (0, count);
        return (FirstAbove(positions, after), FirstAbove(positions, upTo));
    }

    /// <summary>How many slots have positions up to one.</summary>
    public int CountUpTo(int position) => FirstAbove(Span, position);

    /// <summary>The pages with slots whose positions lie in (after, upTo].</summary>
    public PageRange Range(long after, int upTo)
    {
        var from = after < 0 ? 0 : FirstAbove(Span, after) / PagePool.Positions;
        return new PageRange(from, PagesFor(FirstAbove(Span, upTo)));
    }

    public void Dispose() => _positions.Dispose();

    private void Grow(int room)
    {
        var larger = new NativeBuffer<int>(Math.Max(room, PagePool.Positions));
        Span.CopyTo(new Span<int>(larger.Pointer, Count));
        _positions.Dispose();
        _positions = larger;
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
