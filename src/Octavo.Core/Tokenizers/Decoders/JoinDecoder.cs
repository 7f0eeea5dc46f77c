namespace Octavo.Core.Tokenizers.Decoders;

/// <summary>Puts a space between tokens: what is done where a file has no decoder.</summary>
internal sealed class JoinDecoder : DecoderStep
{
    public override DecoderStage Start(DecoderStage next, bool continues, bool fused) => new Stage(next, !continues);

    private sealed class Stage(DecoderStage next, bool isFirst) : DecoderStage
    {
        private bool _isFirst = isFirst;
        private bool _isInside;

        public override void Text(ReadOnlySpan<char> text)
        {
            Begin();
            next.Text(text);
        }

        public override void EndToken()
        {
            Begin();
            (_isFirst, _isInside) = (false, false);
            next.EndToken();
        }

        public override void End() => next.End();

        private void Begin()
        {
            if (!_isFirst && !_isInside)
                next.Text(" ");
            _isInside = true;
        }
    }
}
