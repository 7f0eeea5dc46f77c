using System.Text;

namespace Octavo.Core.Tokenizers.Decoders;

/// <summary>A step that needs each token whole.</summary>
internal abstract class TokenStage(DecoderStage next) : DecoderStage
{
    private readonly StringBuilder _token = new();

    protected DecoderStage Next { get; } = next;

    public sealed override void Text(ReadOnlySpan<char> text) => _token.Append(text);

    public sealed override void EndToken()
    {
        var token = _token.ToString();
        _token.Clear();
        Token(token);
    }

    public sealed override void Whole(string token)
    {
        // Stretches of the same token may have come before.
        if (_token.Length == 0)
            Token(token);
        else
            base.Whole(token);
    }

    public override void End() => Next.End();

    /// <summary>Takes a token.</summary>
    protected abstract void Token(string token);

    /// <summary>Gives a token on.</summary>
    protected void Give(string token) => Next.Whole(token);
}
