using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers.Pipeline;

/// <summary>A normalized text with the pieces that it is cut into. Belongs to one encoding.</summary>
/// <param name="text">The text.</param>
/// <param name="start">Where the one piece to begin with begins, in units of the text.</param>
/// <param name="end">Where it ends, exclusive.</param>
internal sealed class SplitText(MappedText text, int start, int end)
{
    /// <summary>The text.</summary>
    public MappedText Text { get; private set; } = text;

    /// <summary>Its pieces in order; what lies between has been dropped.</summary>
    public List<TextCut> Pieces { get; private set; } = [new TextCut(start, end)];

    /// <summary>Cuts the pieces further.</summary>
    public void Cut(Cutter cutter)
    {
        var pieces = new List<TextCut>(Math.Max(Pieces.Count, 8));
        foreach (var piece in Pieces)
        {
            var first = pieces.Count;
            cutter.Cut(Text.Units[piece.Start..piece.End], pieces);
            if (piece.Start == 0)
                continue;
            for (var i = first; i < pieces.Count; i++)
                pieces[i] = new TextCut(pieces[i].Start + piece.Start, pieces[i].End + piece.Start);
        }
        Pieces = pieces;
    }

    /// <summary>Puts another text with its pieces in place of this one.</summary>
    public void Replace(MappedText text, List<TextCut> pieces) => (Text, Pieces) = (text, pieces);
}
