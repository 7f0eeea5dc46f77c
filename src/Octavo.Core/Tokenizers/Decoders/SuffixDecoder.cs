namespace Octavo.Core.Tokenizers.Decoders;

/// <summary>Makes the mark of a word's end a space, and nothing in the last token.</summary>
internal sealed class SuffixDecoder(string suffix) : DecoderStep
{
    public override DecoderStage Start(DecoderStage next, bool continues, bool fused) => new Stage(next, suffix);

    private sealed class Stage(DecoderStage next, string suffix) : TokenStage(next)
    {
        // A token is the last one as long as none has come after it.
        private string? _last;

        public override void End()
        {
            Release("");
            Next.End();
        }

        protected override void Token(string token)
        {
            Release(" ");
            _last = token;
        }

        private void Release(string space)
        {
            if (_last is not null)
                Give(_last.Replace(suffix, space, StringComparison.Ordinal));
            _last = null;
        }
    }
}
