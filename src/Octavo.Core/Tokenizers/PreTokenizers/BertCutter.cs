using Octavo.Core.Tokenizers.Unicode;

namespace Octavo.Core.Tokenizers.PreTokenizers;

/// <summary>Cuts at white space, which is dropped, and at each mark of punctuation, which is a piece.</summary>
internal sealed class BertCutter : Cutter
{
    private static readonly ScalarSet _inside =
        new ComplementSet(new UnionSet([ScalarSets.WhiteSpace, ScalarSets.BertPunctuation]));

    public override void Cut(ReadOnlySpan<char> text, List<TextCut> cuts)
    {
        for (var at = ScalarSets.WhiteSpace.RunEnd(text, 0); at < text.Length; at = ScalarSets.WhiteSpace.RunEnd(text, at))
        {
            var end = _inside.RunEnd(text, at);
            if (end == at)
            {
                Scalars.At(text, at, out var length);
                end += length;
            }
            cuts.Add(new TextCut(at, end));
            at = end;
        }
    }
}
