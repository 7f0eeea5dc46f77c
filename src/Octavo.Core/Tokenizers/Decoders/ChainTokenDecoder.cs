namespace Octavo.Core.Tokenizers.Decoders;

/// <summary>Decodes a stream of tokens through the steps of a file; a step holds back what later tokens may still
/// change.</summary>
/// <param name="text">The token's text by id, or null where it has none or is left out.</param>
/// <param name="step">The steps.</param>
/// <param name="continues">Whether the stream goes on with a text.</param>
internal sealed class ChainTokenDecoder(Func<int, string?> text, DecoderStep step, bool continues) : TokenDecoder
{
    private readonly TextSink _sink = new();
    private DecoderStage? _first;

    public override string Append(int id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        _first ??= step.Start(_sink, continues, fused: false);
        if (text(id) is not { } token)
            return "";
        _first.Whole(token);
        return _sink.Take();
    }

    public override string Flush()
    {
        // A stream without tokens gives nothing; what comes after the end begins anew.
        _first?.End();
        _first = null;
        return _sink.Take();
    }
}
