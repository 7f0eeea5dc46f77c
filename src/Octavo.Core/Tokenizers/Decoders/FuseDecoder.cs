namespace Octavo.Core.Tokenizers.Decoders;

/// <summary>Makes one token of all.</summary>
internal sealed class FuseDecoder : DecoderStep
{
    public override bool Fuses => true;

    public override DecoderStage Start(DecoderStage next, bool continues, bool fused) => new Stage(next);

    private sealed class Stage(DecoderStage next) : DecoderStage
    {
        public override void Text(ReadOnlySpan<char> text) => next.Text(text);

        public override void EndToken()
        {
        }

        public override void End()
        {
            next.EndToken();
            next.End();
        }
    }
}
