namespace Octavo.Training.Data;

/// <summary>
/// Puts examples into rows of one length by first fit over a few rows that are open at a time: an example goes into the oldest
/// row that has room; where none has and no more may be opened, the oldest row is given out. The result depends on nothing but
/// the order of the lengths.
/// </summary>
/// <param name="length">The length of a row.</param>
/// <param name="mostOpen">How many rows may be open at once.</param>
internal sealed class Packer(int length, int mostOpen)
{
    private readonly List<PackedRow> _open = [];

    /// <summary>The rows that are not full yet, the oldest first.</summary>
    public IReadOnlyList<PackedRow> Open => _open;

    /// <summary>Takes an example.</summary>
    /// <param name="index">Its number, which is what rows hold.</param>
    /// <param name="size">Its tokens, from 1 to the length of a row.</param>
    /// <returns>A row that is given out, or null.</returns>
    public PackedRow? Add(int index, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, length);
        foreach (var row in _open)
        {
            if (row.Used + size > length)
                continue;
            row.Add(index, size);
            return row.Used == length ? Take(row) : null;
        }
        var oldest = _open.Count == mostOpen ? Take(_open[0]) : null;
        var begun = new PackedRow();
        begun.Add(index, size);
        // a row that is full from the start waits for nothing, unless another one goes out in its place
        if (size == length && oldest is null)
            return begun;
        _open.Add(begun);
        return oldest;
    }

    /// <summary>Gives out what is open, the oldest first; null when nothing is.</summary>
    public PackedRow? TakeOldest() => _open.Count == 0 ? null : Take(_open[0]);

    /// <summary>Puts an open row back as it was.</summary>
    public void Restore(PackedRow row) => _open.Add(row);

    /// <summary>Forgets the open rows.</summary>
    public void Clear() => _open.Clear();

    private PackedRow Take(PackedRow row)
    {
        _open.Remove(row);
        return row;
    }
}

/// <summary>The examples of a row.</summary>
internal sealed class PackedRow
{
    private readonly List<int> _indexes = [];

    /// <summary>The numbers of the examples, in the order in which they lie in the row.</summary>
    public IReadOnlyList<int> Indexes => _indexes;

    /// <summary>Tokens that are taken.</summary>
    public int Used { get; private set; }

    /// <summary>Appends an example.</summary>
    public void Add(int index, int size)
    {
        _indexes.Add(index);
        Used += size;
    }
}
