namespace Octavo.Core.Tokenizers.PreTokenizers;

/// <summary>Cuts after every so many code points.</summary>
internal sealed class FixedLengthCutter(int count) : Cutter
{
    public override void Cut(ReadOnlySpan<char> text, List<TextCut> cuts)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = start;
            for (var i = 0; i < count && end < text.Length; i++)
            {
                Scalars.At(text, end, out var length);
                end += length;
            }
            cuts.Add(new TextCut(start, end));
            start = end;
        }
    }
}
