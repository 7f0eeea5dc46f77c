namespace Octavo.Core.Tokenizers.Decoders;

/// <summary>Takes a character off the ends of tokens.</summary>
/// <param name="sign">The character.</param>
/// <param name="start">How many at most off the beginning.</param>
/// <param name="stop">How many at most off the end.</param>
internal sealed class StripDecoder(char sign, int start, int stop) : DecoderStep
{
    // Where all tokens are one, its beginning is the text's.
    public override DecoderStage Start(DecoderStage next, bool continues, bool fused) =>
        new Stage(next, sign, start, stop, fused && continues ? 0 : start);

    private sealed class Stage(DecoderStage next, char sign, int start, int stop, int left) : DecoderStage
    {
        // How many may still come off the beginning, and how many are held back because they may be the end.
        private int _left = left;
        private int _held;

        public override void Text(ReadOnlySpan<char> text)
        {
            while (_left > 0 && text.Length > 0 && text[0] == sign)
            {
                text = text[1..];
                _left--;
            }
            if (text.IsEmpty)
                return;
            _left = 0;
            var trimmed = text.TrimEnd(sign);
            if (trimmed.Length > 0)
                Release(0);
            next.Text(trimmed);
            _held += text.Length - trimmed.Length;
            Release(stop);
        }

        public override void EndToken()
        {
            _held = 0;
            _left = start;
            next.EndToken();
        }

        public override void End() => next.End();

        private void Release(int keep)
        {
            for (; _held > keep; _held--)
                next.Text([sign]);
        }
    }
}
