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

        public override void End()
        {
            Give([], flush: true);
            Next.EndToken();
            Next.End();
        }

        protected override void Token(string token)
        {
            var bytes = new byte[token.Length * 3];
            // A token with a letter that spells no byte stands for itself.
            var count = ByteAlphabet.Decode(token, bytes);
            Give(bytes.AsSpan(0, count < 0 ? Encoding.UTF8.GetBytes(token, bytes) : count), flush: false);
        }

        private void Give(ReadOnlySpan<byte> bytes, bool flush)
        {
            // Bytes held back can add at most three characters.
            var chars = new char[bytes.Length + 3];
            Next.Text(chars.AsSpan(0, _utf8.GetChars(bytes, chars, flush)));
        }
    }
}
