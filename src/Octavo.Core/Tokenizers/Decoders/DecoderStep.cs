namespace Octavo.Core.Tokenizers.Decoders;

/// <summary>One step between tokens and text, as a file describes it. Safe to use from many threads at once.</summary>
internal abstract class DecoderStep
{
    /// <summary>Whether what comes out is one token, however many go in.</summary>
    public virtual bool Fuses => false;

    /// <summary>Starts the step for one stream of tokens.</summary>
    /// <param name="next">What takes its output.</param>
    /// <param name="continues">Whether the stream goes on with a text, so that its first token is not the first of the
    /// text.</param>
    /// <param name="fused">Whether a step before made one token of all.</param>
    public abstract DecoderStage Start(DecoderStage next, bool continues, bool fused);
}
