namespace Octavo.Core.Tokenizers.Decoders;

/// <summary>Makes the sign for a space one again, and drops it in the first token where it marks the text's beginning.</summary>
/// <param name="sign">The sign.</param>
/// <param name="marksBeginning">Whether it marks the beginning.</param>
internal sealed class MetaspaceDecoder(char sign, bool marksBeginning) : DecoderStep
{
    public override DecoderStage Start(DecoderStage next, bool continues, bool fused) =>
        new Stage(next, sign, marksBeginning && !continues);

    private sealed class Stage(DecoderStage next, char sign, bool drops) : DecoderStage
    {
        private bool _drops = drops;

        public override void Text(ReadOnlySpan<char> text)
        {
            for (var at = text.IndexOf(sign); at >= 0; at = text.IndexOf(sign))
            {
                next.Text(text[..at]);
                if (!_drops)
                    next.Text(" ");
                text = text[(at + 1)..];
            }
            next.Text(text);
        }

        public override void EndToken()
        {
            _drops = false;
            next.EndToken();
        }

        public override void End() => next.End();
    }
}
