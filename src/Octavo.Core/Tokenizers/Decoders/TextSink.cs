using System.Text;

namespace Octavo.Core.Tokenizers.Decoders;

/// <summary>Takes the text that comes out.</summary>
internal sealed class TextSink : DecoderStage
{
    private readonly StringBuilder _text = new();

    public override void Text(ReadOnlySpan<char> text) => _text.Append(text);

    public override void EndToken()
    {
    }

    public override void End()
    {
    }

    /// <summary>What has come since the last call.</summary>
    public string Take()
    {
        if (_text.Length == 0)
            return "";
        var text = _text.ToString();
        _text.Clear();
        return text;
    }
}
