namespace Octavo.Core.Tokenizers.Decoders;

/// <summary>Takes a token that comes again at once for one, drops padding, and makes the sign between words a space.</summary>
/// <param name="padding">The padding.</param>
/// <param name="border">The sign between words.</param>
/// <param name="cleanup">Whether that sign and spaces before marks are seen to.</param>
internal sealed class CtcDecoder(string padding, string border, bool cleanup) : DecoderStep
{
    public override DecoderStage Start(DecoderStage next, bool continues, bool fused) =>
        new Stage(next, padding, border, cleanup);

    private sealed class Stage(DecoderStage next, string padding, string border, bool cleanup) : TokenStage(next)
    {
        private string? _before;

        protected override void Token(string token)
        {
            if (token == _before)
                return;
            _before = token;
            var text = token.Replace(padding, "", StringComparison.Ordinal);
            if (cleanup)
                text = TextCleanup.Clean(text).Replace(border, " ", StringComparison.Ordinal);
            if (text.Length > 0)
                Give(text);
        }
    }
}
