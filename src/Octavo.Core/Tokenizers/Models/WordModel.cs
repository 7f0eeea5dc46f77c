namespace Octavo.Core.Tokenizers.Models;

/// <summary>Turns the pieces of a text into tokens. Safe to use from many threads at once.</summary>
internal abstract class WordModel
{
    /// <summary>Makes what encodes the words of one text.</summary>
    /// <param name="parseSpecial">Whether a word may become a special token of its spelling, as in the reference.</param>
    public abstract WordEncoder CreateEncoder(bool parseSpecial);
}

/// <summary>Encodes words one after another. Belongs to one encoding.</summary>
internal abstract class WordEncoder
{
    /// <summary>Encodes a word.</summary>
    /// <param name="word">The word, not empty.</param>
    /// <param name="tokens">Where its tokens are added.</param>
    public abstract void Encode(ReadOnlySpan<char> word, List<WordToken> tokens);
}

/// <summary>A token of a word.</summary>
/// <param name="Id">Its id; -1 for a stretch that the vocabulary has nothing for, which is refused.</param>
/// <param name="Start">Where it begins in the word.</param>
/// <param name="End">Where it ends, exclusive.</param>
internal readonly record struct WordToken(int Id, int Start, int End);
