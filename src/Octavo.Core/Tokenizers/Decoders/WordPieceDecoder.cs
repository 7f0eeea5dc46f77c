namespace Octavo.Core.Tokenizers.Decoders;

/// <summary>Puts a space before each token but the first and those that go on with a word.</summary>
/// <param name="prefix">Begins tokens that go on with a word.</param>
/// <param name="cleanup">Whether spaces before marks are taken off.</param>
internal sealed class WordPieceDecoder(string prefix, bool cleanup) : DecoderStep
{
    public override DecoderStage Start(DecoderStage next, bool continues, bool fused) =>
        new Stage(next, prefix, cleanup, !continues);

    private sealed class Stage(DecoderStage next, string prefix, bool cleanup, bool isFirst) : TokenStage(next)
    {
        private bool _isFirst = isFirst;

        protected override void Token(string token)
        {
            var goesOn = !_isFirst && token.StartsWith(prefix, StringComparison.Ordinal);
            var text = goesOn ? token.AsSpan(prefix.Length) : token;
            var space = !_isFirst && !goesOn;
            _isFirst = false;
            if (cleanup && TextCleanup.MayChange(text, space))
            {
                Give(TextCleanup.Clean(space ? $" {text}" : text.ToString()));
                return;
            }
            if (space)
                Next.Text(" ");
            Next.Text(text);
            Next.EndToken();
        }
    }
}
