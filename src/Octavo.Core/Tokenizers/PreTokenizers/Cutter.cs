namespace Octavo.Core.Tokenizers.PreTokenizers;

/// <summary>Cuts a text into pieces, of which some may be dropped. Safe to use from many threads at once.</summary>
internal abstract class Cutter
{
    /// <summary>Cuts a text.</summary>
    /// <param name="text">The text, not empty and without lone surrogates.</param>
    /// <param name="cuts">Where the pieces that stay are added, in order, none of them empty.</param>
    public abstract void Cut(ReadOnlySpan<char> text, List<TextCut> cuts);
}

/// <summary>A piece of a text.</summary>
/// <param name="Start">Where it begins, in UTF-16 units.</param>
/// <param name="End">Where it ends, exclusive.</param>
internal readonly record struct TextCut(int Start, int End);
