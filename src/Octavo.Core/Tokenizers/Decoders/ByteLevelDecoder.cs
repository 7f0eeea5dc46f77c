using System.Text;

namespace Octavo.Core.Tokenizers.Decoders;

/// <summary>Makes bytes of letters and characters of bytes; what is no UTF-8 becomes U+FFFD. All tokens become one.</summary>
internal sealed class ByteLevelDecoder : DecoderStep
{
    public override bool Fuses => true;

    public override DecoderStage Start(DecoderStage next, bool continues, bool fused) => new Stage(next);

    private sealed class Stage(DecoderStage next) : TokenStage(next)
    {
        private readonly Decoder _utf8 = new UTF8Encoding(false).GetDecoder();
        private byte[] _bytes = new byte[64];
        private char[] _chars = new char[64];

        public override void End()
        {
            Give([], flush: true);
            Next.EndToken();
            Next.End();
        }

        protected override void Token(string token)
        {
            if (_bytes.Length < token.Length * 3)
                _bytes = new byte[token.Length * 6];
            // A token with a letter that spells no byte stands for itself.
            var count = ByteAlphabet.Decode(token, _bytes);
            Give(_bytes.AsSpan(0, count < 0 ? Encoding.UTF8.GetBytes(token, _bytes) : count), flush: false);
        }

        private void Give(ReadOnlySpan<byte> bytes, bool flush)
        {
            // Bytes held back can add at most three characters.
            if (_chars.Length < bytes.Length + 3)
                _chars = new char[2 * bytes.Length + 3];
            Next.Text(_chars.AsSpan(0, _utf8.GetChars(bytes, _chars, flush)));
        }
    }
}
