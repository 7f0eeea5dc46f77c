namespace Octavo.Core.Tokenizers.Training;

/// <summary>A pair as it stood when it was put into the queue.</summary>
/// <param name="Weight">How often it occurred; the most frequent goes first.</param>
/// <param name="Order">Decides between equal weights; the lowest goes first.</param>
/// <param name="Pair">The pair's number.</param>
internal readonly record struct Candidate(long Weight, ulong Order, int Pair)
{
    /// <summary>Whether this one goes before another.</summary>
    public bool IsBefore(in Candidate other) => Weight != other.Weight ? Weight > other.Weight : Order < other.Order;
}

/// <summary>A binary heap of pairs. What changes later is put in again; whoever takes one out looks whether it still holds.</summary>
internal sealed class MergeQueue
{
    private Candidate[] _heap = new Candidate[1 << 10];

    /// <summary>How many are in it.</summary>
    public int Count { get; private set; }

    /// <summary>Puts one in.</summary>
    public void Add(in Candidate candidate)
    {
        if (Count == _heap.Length)
            Array.Resize(ref _heap, Count * 2);
        var place = Count++;
        while (place > 0 && candidate.IsBefore(_heap[(place - 1) / 2]))
        {
            _heap[place] = _heap[(place - 1) / 2];
            place = (place - 1) / 2;
        }
        _heap[place] = candidate;
    }

    /// <summary>Takes out the first. There must be one.</summary>
    public Candidate Take()
    {
        var first = _heap[0];
        var last = _heap[--Count];
        var place = 0;
        while (place * 2 + 1 < Count)
        {
            var child = place * 2 + 1;
            if (child + 1 < Count && _heap[child + 1].IsBefore(_heap[child]))
                child++;
            if (!_heap[child].IsBefore(last))
                break;
            _heap[place] = _heap[child];
            place = child;
        }
        _heap[place] = last;
        return first;
    }
}
