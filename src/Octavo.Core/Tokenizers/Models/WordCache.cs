using System.Numerics;

namespace Octavo.Core.Tokenizers.Models;

/// <summary>
/// Tokens of words that were met before; a later word takes the slot of an earlier one. Safe to use from many threads at once:
/// entries do not change, and a slot is read and written whole.
/// </summary>
internal sealed class WordCache
{
    private const int LongestWord = 48;
    private const int Slots = 1 << 14;

    // The process's own random seed, so that no text can be made to collide.
    private readonly uint _seed = (uint)HashCode.Combine(7);
    private readonly Entry?[] _entries = new Entry[Slots];

    /// <summary>Looks a word up.</summary>
    /// <param name="word">The word.</param>
    /// <param name="hash">What <see cref="Add"/> wants to know.</param>
    /// <returns>Its tokens, or null.</returns>
    public WordToken[]? Find(ReadOnlySpan<char> word, out uint hash)
    {
        hash = 0;
        if (word.Length > LongestWord)
            return null;
        hash = Hash(word);
        return _entries[hash % Slots] is { } entry && entry.Hash == hash && word.SequenceEqual(entry.Word) ? entry.Tokens : null;
    }

    /// <summary>Remembers a word.</summary>
    public void Add(ReadOnlySpan<char> word, uint hash, ReadOnlySpan<WordToken> tokens)
    {
        if (word.Length <= LongestWord)
            _entries[hash % Slots] = new Entry(word.ToString(), hash, tokens.ToArray());
    }

    private uint Hash(ReadOnlySpan<char> word)
    {
        var hash = _seed;
        foreach (var unit in word)
            hash = (BitOperations.RotateLeft(hash, 5) ^ unit) * 0x9E3779B1;
        return hash ^ hash >> 15;
    }

    private sealed record Entry(string Word, uint Hash, WordToken[] Tokens);
}
