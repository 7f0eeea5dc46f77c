namespace Octavo.Core.Tokenizers.PreTokenizers;

/// <summary>Splits a text into the pieces within which a model merges.</summary>
internal abstract class Scanner
{
    /// <summary>The first piece of a text.</summary>
    /// <param name="text">What is left of the text, not empty.</param>
    /// <returns>The length of the piece, at least 1, in UTF-16 units.</returns>
    public abstract int Next(ReadOnlySpan<char> text);

    /// <summary>The white space that begins a text: its last scalar is left to the word that follows, unless it is the only
    /// one.</summary>
    /// <param name="length">How many units of white space the text begins with, at least 1; each is a scalar.</param>
    /// <param name="whole">The length of the text.</param>
    protected static int SpacesBeforeWord(int length, int whole) => length < whole && length > 1 ? length - 1 : length;
}

/// <summary>No split at all.</summary>
internal sealed class WholeScanner : Scanner
{
    public override int Next(ReadOnlySpan<char> text) => text.Length;
}

/// <summary>Numbers apart from the rest, each alone or a run at a time.</summary>
internal sealed class DigitsScanner(bool individual) : Scanner
{
    public override int Next(ReadOnlySpan<char> text)
    {
        if (Scalars.ClassAt(text, 0, out var length) == ScalarClass.Number)
            return individual ? length : Scalars.RunEnd(text, length, ScalarClass.Number);
        var end = length;
        while (end < text.Length && Scalars.ClassAt(text, end, out length) != ScalarClass.Number)
            end += length;
        return end;
    }
}
