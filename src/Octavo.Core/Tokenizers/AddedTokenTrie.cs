using System.Buffers;
using System.Globalization;
using System.Text;
using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers;

/// <summary>Finds added tokens in a text: the leftmost, and of those that begin there the longest.</summary>
internal sealed class AddedTokenTrie
{
    private readonly Node _root = new();
    private readonly SearchValues<char> _beginnings;

    /// <summary>Builds the trie; empty contents are left out, as in the reference.</summary>
    public AddedTokenTrie(IEnumerable<AddedToken> tokens)
    {
        var beginnings = new StringBuilder();
        foreach (var token in tokens)
        {
            if (token.Content.Length > 0)
                Add(token, beginnings);
        }
        _beginnings = SearchValues.Create(beginnings.ToString());
    }

    /// <summary>Whether there is nothing to find.</summary>
    public bool IsEmpty => _root.Next.Count == 0;

    /// <summary>The next added token of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="taken">What an earlier call gave as <c>End</c>, or 0.</param>
    /// <param name="search">Where to look from; on return, where the next call looks from.</param>
    /// <param name="parseSpecial">Whether special tokens count.</param>
    /// <returns>The token with the stretch of text it takes, or null.</returns>
    public AddedTokenMatch? Next(ReadOnlySpan<char> text, int taken, ref int search, bool parseSpecial)
    {
        while (search < text.Length)
        {
            var step = text[search..].IndexOfAny(_beginnings);
            if (step < 0)
                break;
            var start = search + step;
            if (Longest(text, start) is not { } token)
            {
                search = start + 1;
                continue;
            }
            var end = search = start + token.Content.Length;
            if (token.Special && !parseSpecial || token.SingleWord && !IsSingleWord(text, start, end))
                continue;
            if (token.LStrip)
                start = text[..start].TrimEnd().Length;
            if (token.RStrip)
                end = Scalars.SpaceEnd(text, end);
            // White space that the token before took along stays there.
            return new AddedTokenMatch(token, Math.Max(start, taken), Math.Max(end, taken));
        }
        search = text.Length;
        return null;
    }

    private static bool IsSingleWord(ReadOnlySpan<char> text, int start, int end)
    {
        if (start > 0 && IsWord(Scalars.At(text, start - (char.IsLowSurrogate(text[start - 1]) ? 2 : 1), out _)))
            return false;
        return end == text.Length || !IsWord(Scalars.At(text, end, out _));
    }

    // The property Alphabetic, marks, decimal numbers, connecting punctuation, joiners.
    private static bool IsWord(int scalar) => CharUnicodeInfo.GetUnicodeCategory(scalar) switch
    {
        <= UnicodeCategory.LetterNumber => true,
        UnicodeCategory.ConnectorPunctuation => true,
        _ => scalar is 0x200C or 0x200D or >= 0x24B6 and <= 0x24E9
            or >= 0x1F130 and <= 0x1F149 or >= 0x1F150 and <= 0x1F169 or >= 0x1F170 and <= 0x1F189,
    };

    private void Add(AddedToken token, StringBuilder beginnings)
    {
        var node = _root;
        foreach (var unit in token.Content)
        {
            if (!node.Next.TryGetValue(unit, out var next))
            {
                if (node == _root)
                    beginnings.Append(unit);
                node.Next[unit] = next = new Node();
            }
            node = next;
        }
        node.Token = token;
    }

    private AddedToken? Longest(ReadOnlySpan<char> text, int start)
    {
        AddedToken? found = null;
        var node = _root;
        for (var i = start; i < text.Length && node.Next.TryGetValue(text[i], out node); i++)
            found = node.Token ?? found;
        return found;
    }

    // dictionaries from whole numbers to objects are compiled ahead of time, those with types of our own are not
    private sealed class Node
    {
        public AddedToken? Token { get; set; }

        public Dictionary<int, Node> Next { get; } = [];
    }
}

/// <summary>An added token in a text.</summary>
/// <param name="Token">The token.</param>
/// <param name="Start">Where its stretch begins, in UTF-16 units.</param>
/// <param name="End">Where it ends, exclusive.</param>
internal readonly record struct AddedTokenMatch(AddedToken Token, int Start, int End);
