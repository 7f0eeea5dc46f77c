namespace Octavo.Core.Tokenizers.Patterns;

/// <summary>Something to look for in a text. Safe to use from many threads at once.</summary>
internal abstract class TextPattern
{
    /// <summary>Finds every occurrence, from left to right, none overlapping another.</summary>
    /// <param name="text">The text, without lone surrogates.</param>
    /// <param name="matches">Where the occurrences are added.</param>
    public abstract void Find(ReadOnlySpan<char> text, List<TextMatch> matches);
}

/// <summary>An occurrence of a pattern.</summary>
/// <param name="Start">Where it begins, in UTF-16 units.</param>
/// <param name="End">Where it ends, exclusive.</param>
internal readonly record struct TextMatch(int Start, int End);
