using System.Numerics;

namespace Octavo.Core.Tokenizers.Bpe;

/// <summary>Which two neighbours join, into what, and in which order: a hash table with open addressing, read once per
/// neighbourhood.</summary>
internal sealed class MergeTable
{
    private const int LargestExpected = 1 << 19;

    // The process's own random seed, so that no file can be made to collide.
    private readonly ulong _seed = (ulong)(uint)HashCode.Combine(0) << 32 | (uint)HashCode.Combine(1) | 1;
    private Entry[] _entries = [];
    private int _shift;
    private int _count;

    /// <summary>Makes room.</summary>
    /// <param name="count">How many merges are expected; a file that lies about it gets no more than a usual vocabulary's
    /// room.</param>
    public MergeTable(int count) =>
        Allocate((int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(count, 8, LargestExpected) * 2));

    /// <summary>Sets a merge; the last one of a pair counts, as in the reference.</summary>
    /// <param name="left">The left neighbour's id.</param>
    /// <param name="right">The right neighbour's id.</param>
    /// <param name="rank">The lower, the earlier.</param>
    /// <param name="id">What the two become.</param>
    public void Set(int left, int right, int rank, int id)
    {
        var key = Key(left, right);
        var slot = Slot(key);
        while (_entries[slot].Pair != 0 && _entries[slot].Pair != key)
            slot = (slot + 1) & (_entries.Length - 1);
        _count += _entries[slot].Pair == 0 ? 1 : 0;
        _entries[slot] = new Entry(key, rank, id);
        if (_count * 2 > _entries.Length)
            Grow();
    }

    /// <summary>Looks a pair up.</summary>
    /// <param name="left">The left neighbour's id.</param>
    /// <param name="right">The right neighbour's id.</param>
    /// <param name="id">What the two become.</param>
    /// <returns>The rank, or <see cref="int.MaxValue"/> where the two do not join.</returns>
    public int Rank(int left, int right, out int id)
    {
        var key = Key(left, right);
        for (var slot = Slot(key); ; slot = (slot + 1) & (_entries.Length - 1))
        {
            ref readonly var entry = ref _entries[slot];
            if (entry.Pair == key)
            {
                id = entry.Id;
                return entry.Rank;
            }
            if (entry.Pair == 0)
            {
                id = -1;
                return int.MaxValue;
            }
        }
    }

    // Never 0, which marks a free entry.
    private static ulong Key(int left, int right) => (ulong)(uint)left << 32 | (uint)(right + 1);

    private void Allocate(int size)
    {
        _entries = new Entry[size];
        _shift = 64 - BitOperations.Log2((uint)size);
    }

    private void Grow()
    {
        var old = _entries;
        Allocate(old.Length * 2);
        foreach (var entry in old)
        {
            if (entry.Pair == 0)
                continue;
            var slot = Slot(entry.Pair);
            while (_entries[slot].Pair != 0)
                slot = (slot + 1) & (_entries.Length - 1);
            _entries[slot] = entry;
        }
    }

    private int Slot(ulong key)
    {
        var mixed = (key ^ _seed) * 0x9E3779B97F4A7C15;
        mixed ^= mixed >> 32;
        return (int)(mixed * (_seed | 1) >> _shift);
    }

    private readonly record struct Entry(ulong Pair, int Rank, int Id);
}
