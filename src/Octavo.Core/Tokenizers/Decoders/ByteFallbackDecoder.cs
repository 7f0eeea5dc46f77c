using System.Text;
using Octavo.Core.Tokenizers.SentencePiece;

namespace Octavo.Core.Tokenizers.Decoders;

/// <summary>Makes characters of runs of byte tokens; a run that is no UTF-8 becomes U+FFFD, one for each byte.</summary>
internal sealed class ByteFallbackDecoder : DecoderStep
{
    public override DecoderStage Start(DecoderStage next, bool continues, bool fused) => new Stage(next);

    private sealed class Stage(DecoderStage next) : TokenStage(next)
    {
        private readonly List<byte> _bytes = [];

        public override void End()
        {
            GiveBytes();
            Next.End();
        }

        protected override void Token(string token)
        {
            var value = SentencePieceModel.ByteOf(token);
            if (value >= 0)
            {
                _bytes.Add((byte)value);
                return;
            }
            GiveBytes();
            Give(token);
        }

        private void GiveBytes()
        {
            if (_bytes.Count == 0)
                return;
            var bytes = _bytes.ToArray();
            _bytes.Clear();
            if (System.Text.Unicode.Utf8.IsValid(bytes))
            {
                Give(Encoding.UTF8.GetString(bytes));
                return;
            }
            foreach (var _ in bytes)
                Give("\uFFFD");
        }
    }
}
