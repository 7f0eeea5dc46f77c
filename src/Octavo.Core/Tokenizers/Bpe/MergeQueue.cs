namespace Octavo.Core.Tokenizers.Bpe;

/// <summary>Pairs of neighbours in the order in which they join: by rank, the leftmost first. A heap of four children a node.</summary>
internal sealed class MergeQueue
{
    private readonly PriorityQueue<int, ulong> _heap = new();

    /// <summary>The order of a pair.</summary>
    /// <param name="rank">The lower, the earlier.</param>
    /// <param name="left">The place of its left symbol.</param>
    public static ulong Order(uint rank, int left) => (ulong)rank << 32 | (uint)left;

    public void Clear() => _heap.Clear();

    public void Add(int left, ulong order) => _heap.Enqueue(left, order);

    public bool TryTake(out int left, out ulong order) => _heap.TryDequeue(out left, out order);
}
