using System.Numerics;
using System.Runtime.InteropServices;

namespace Octavo.Core.Tokenizers;

/// <summary>
/// Ids by spelling, looked up by any stretch of text. A table with open addressing of our own, because building it stands in
/// the way of every first answer and a dictionary's lookups by span are not compiled ahead of time.
/// </summary>
internal sealed class PieceIndex
{
    private const ulong Odd = 0x9E3779B97F4A7C15;
    private const int UnitsPerWord = sizeof(ulong) / sizeof(char);

    // The process's own random seed, so that no file can be made to collide.
    private readonly ulong _seed = (ulong)(uint)HashCode.Combine(0) << 32 | (uint)HashCode.Combine(1);
    private readonly string?[] _pieces;

    // The high half of a slot is the upper half of the hash, the low half the id + 1; 0 is free.
    private readonly ulong[] _slots;

    /// <summary>Makes an empty index.</summary>
    /// <param name="pieces">Spellings by id.</param>
    /// <param name="count">How many will be added at most.</param>
    public PieceIndex(string?[] pieces, int count)
    {
        _pieces = pieces;
        _slots = new ulong[BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, count * 2L))];
    }

    /// <summary>Adds the spelling of an id.</summary>
    /// <returns>The id that has the spelling already, or -1.</returns>
    public int Add(int id)
    {
        var piece = _pieces[id].AsSpan();
        var hash = Hash(piece);
        var slot = Find(piece, hash);
        if (_slots[slot] != 0)
            return (int)_slots[slot] - 1;
        _slots[slot] = hash >> 32 << 32 | (uint)(id + 1);
        return -1;
    }

    /// <summary>Makes an id that of its spelling, whichever had it before.</summary>
    public void Set(int id)
    {
        var piece = _pieces[id].AsSpan();
        var hash = Hash(piece);
        _slots[Find(piece, hash)] = hash >> 32 << 32 | (uint)(id + 1);
    }

    /// <summary>The id of a spelling, or -1.</summary>
    public int Id(ReadOnlySpan<char> piece) => (int)_slots[Find(piece, Hash(piece))] - 1;

    private uint Find(ReadOnlySpan<char> piece, ulong hash)
    {
        var mask = (uint)_slots.Length - 1;
        for (var slot = (uint)hash & mask; ; slot = (slot + 1) & mask)
        {
            var entry = _slots[slot];
            if (entry == 0 || (entry ^ hash) >> 32 == 0 && piece.SequenceEqual(_pieces[(int)entry - 1]))
                return slot;
        }
    }

    private ulong Hash(ReadOnlySpan<char> piece)
    {
        var hash = _seed ^ (uint)piece.Length;
        while (piece.Length >= UnitsPerWord)
        {
            hash = Mix(hash ^ MemoryMarshal.Read<ulong>(MemoryMarshal.AsBytes(piece)));
            piece = piece[UnitsPerWord..];
        }
        ulong rest = 0;
        foreach (var unit in piece)
            rest = rest << 16 | unit;
        return Mix(hash ^ rest);
    }

    private ulong Mix(ulong value)
    {
        var high = Math.BigMul(value ^ _seed, Odd, out var low);
        return high ^ low;
    }
}
