namespace Octavo.Core.Tokenizers.Decoders;

/// <summary>
/// A step at work on one stream. Tokens come as stretches of text, each token ended; so a token as long as the whole text need
/// not be waited for.
/// </summary>
internal abstract class DecoderStage
{
    /// <summary>Takes a stretch of the current token.</summary>
    public abstract void Text(ReadOnlySpan<char> text);

    /// <summary>Ends the current token.</summary>
    public abstract void EndToken();

    /// <summary>Takes a token that is there as a whole.</summary>
    public virtual void Whole(string token)
    {
        Text(token);
        EndToken();
    }

    /// <summary>Ends the stream, after its last token.</summary>
    public abstract void End();
}
