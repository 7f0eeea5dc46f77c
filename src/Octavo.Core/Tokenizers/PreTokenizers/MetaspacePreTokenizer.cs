using Octavo.Core.Tokenizers.Pipeline;

namespace Octavo.Core.Tokenizers.PreTokenizers;

/// <summary>Puts a sign in place of each space and, as a mark of a word's beginning, before pieces; cuts before each
/// sign.</summary>
/// <param name="sign">The sign.</param>
/// <param name="scheme">Which pieces get the mark.</param>
/// <param name="split">Whether it cuts.</param>
internal sealed class MetaspacePreTokenizer(char sign, PrependScheme scheme, bool split) : PreTokenizer
{
    private readonly SignCutter _cutter = new(sign);

    public override void Apply(SplitText text)
    {
        text.Text.Units.Replace(' ', sign);
        if (text.Pieces.Any(piece => WantsMark(text.Text, piece)))
            Mark(text);
        if (split)
            text.Cut(_cutter);
    }

    private bool WantsMark(MappedText text, TextCut piece) => text.Units[piece.Start] != sign && scheme switch
    {
        PrependScheme.Always => true,
        PrependScheme.First => text.StartOf(piece.Start) == 0,
        _ => false,
    };

    private void Mark(SplitText text)
    {
        var old = text.Text;
        var writer = new MappedText.Writer(old.Length + text.Pieces.Count + 16);
        var pieces = new List<TextCut>(text.Pieces.Count);
        foreach (var piece in text.Pieces)
        {
            var start = writer.Length;
            if (WantsMark(old, piece))
            {
                var first = char.IsHighSurrogate(old.Units[piece.Start]) ? 2 : 1;
                writer.Put(sign, old.StartOf(piece.Start), old.EndOf(piece.Start + first));
            }
            old.CopyTo(writer, piece.Start, piece.End);
            pieces.Add(new TextCut(start, writer.Length));
        }
        text.Replace(old.With(writer), pieces);
    }
}

/// <summary>Which pieces get the mark of a word's beginning.</summary>
internal enum PrependScheme
{
    /// <summary>Each.</summary>
    Always,

    /// <summary>The one that the text begins with.</summary>
    First,

    /// <summary>None.</summary>
    Never,
}
