using Octavo.Core.Tokenizers.Patterns;

namespace Octavo.Core.Tokenizers.Decoders;

/// <summary>Puts a text in place of each occurrence of a pattern within a token.</summary>
/// <param name="pattern">The pattern.</param>
/// <param name="content">The text.</param>
/// <param name="sign">The pattern where it is a single character, for which a token need not be whole; else null.</param>
internal sealed class ReplaceDecoder(TextPattern pattern, string content, char? sign) : DecoderStep
{
    public override DecoderStage Start(DecoderStage next, bool continues, bool fused) =>
        sign is { } single ? new SignStage(next, single, content) : new Stage(next, pattern, content);

    private sealed class Stage(DecoderStage next, TextPattern pattern, string content) : TokenStage(next)
    {
        private readonly List<TextMatch> _matches = [];

        protected override void Token(string token)
        {
            _matches.Clear();
            pattern.Find(token, _matches);
            var from = 0;
            foreach (var match in _matches)
            {
                Next.Text(token.AsSpan()[from..match.Start]);
                Next.Text(content);
                from = match.End;
            }
            Next.Text(token.AsSpan(from));
            Next.EndToken();
        }
    }

    private sealed class SignStage(DecoderStage next, char sign, string content) : DecoderStage
    {
        public override void Text(ReadOnlySpan<char> text)
        {
            for (var at = text.IndexOf(sign); at >= 0; at = text.IndexOf(sign))
            {
                next.Text(text[..at]);
                next.Text(content);
                text = text[(at + 1)..];
            }
            next.Text(text);
        }

        public override void EndToken() => next.EndToken();

        public override void End() => next.End();
    }
}
