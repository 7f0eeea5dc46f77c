using System.Numerics;
using System.Runtime.InteropServices;

namespace Octavo.Core.Tokenizers.Training;

/// <summary>How often each distinct word was met: a hash table with open addressing over one long text. For one thread.</summary>
/// <param name="mostWords">More distinct words are refused.</param>
internal sealed class WordTable(int mostWords)
{
    private const ulong Odd = 0x9E3779B97F4A7C15;

    // The process's own random seed, so that no text can be made to collide. The order of words decides nothing.
    private readonly ulong _seed = (ulong)(uint)HashCode.Combine(3) << 32 | (uint)HashCode.Combine(4);
    private int[] _slots = new int[1 << 12];
    private Entry[] _entries = new Entry[1 << 11];
    private char[] _text = new char[1 << 14];
    private int _used;

    /// <summary>How many distinct words there are.</summary>
    public int Count { get; private set; }

    /// <summary>A word.</summary>
    public ReadOnlySpan<char> Word(int index) => _text.AsSpan(_entries[index].Start, _entries[index].Length);

    /// <summary>How often a word was met.</summary>
    public long Times(int index) => _entries[index].Times;

    /// <summary>Counts a word.</summary>
    /// <param name="word">The word, not empty.</param>
    /// <param name="times">How often it was met.</param>
    /// <exception cref="ResourceException">There are too many distinct words.</exception>
    public void Add(ReadOnlySpan<char> word, long times = 1)
    {
        var hash = Hash(word);
        var mask = _slots.Length - 1;
        for (var slot = (int)(hash >> 32) & mask; ; slot = (slot + 1) & mask)
        {
            var index = _slots[slot] - 1;
            if (index < 0)
            {
                _slots[slot] = Append(word, (uint)hash, times) + 1;
                if (Count * 2 > _slots.Length)
                    Grow();
                return;
            }
            ref var entry = ref _entries[index];
            if (entry.Hash == (uint)hash && word.SequenceEqual(_text.AsSpan(entry.Start, entry.Length)))
            {
                entry.Times += times;
                return;
            }
        }
    }

    /// <summary>Counts all that another table counted.</summary>
    public void AddAll(WordTable other)
    {
        for (var i = 0; i < other.Count; i++)
            Add(other.Word(i), other.Times(i));
    }

    private int Append(ReadOnlySpan<char> word, uint hash, long times)
    {
        if (Count >= mostWords || (long)_used + word.Length > Array.MaxLength / 2)
        {
            throw new ResourceException($"the texts have more than {Count} distinct words, {_used} characters together, and no more are kept in memory. " +
                "Train on a part of the texts, which a vocabulary hardly feels, or allow more words.");
        }
        if (Count == _entries.Length)
            Array.Resize(ref _entries, Count * 2);
        if (_used + word.Length > _text.Length)
            Array.Resize(ref _text, (int)Math.Min(Array.MaxLength, Math.Max(_text.Length * 2L, _used + (long)word.Length)));
        word.CopyTo(_text.AsSpan(_used));
        _entries[Count] = new Entry(_used, word.Length, hash, times);
        _used += word.Length;
        return Count++;
    }

    private void Grow()
    {
        _slots = new int[_slots.Length * 2];
        var mask = _slots.Length - 1;
        for (var i = 0; i < Count; i++)
        {
            var slot = (int)(Hash(Word(i)) >> 32) & mask;
            while (_slots[slot] != 0)
                slot = (slot + 1) & mask;
            _slots[slot] = i + 1;
        }
    }

    private ulong Hash(ReadOnlySpan<char> word)
    {
        var hash = _seed ^ (ulong)word.Length * Odd;
        var bytes = MemoryMarshal.AsBytes(word);
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            hash = Mix(hash ^ MemoryMarshal.Read<ulong>(bytes));
        ulong rest = 0;
        for (var i = 0; i < bytes.Length; i++)
            rest |= (ulong)bytes[i] << 8 * i;
        return Mix(hash ^ rest);
    }

    private static ulong Mix(ulong value)
    {
        value *= Odd;
        return BitOperations.RotateLeft(value, 29) ^ value >> 32;
    }

    private record struct Entry(int Start, int Length, uint Hash, long Times);
}
