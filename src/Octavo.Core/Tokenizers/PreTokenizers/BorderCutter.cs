namespace Octavo.Core.Tokenizers.PreTokenizers;

/// <summary>
/// Cuts before each run of a sign. Where no merge joins across such a border, the pieces give the tokens of the whole, and
/// words that come again can be remembered.
/// </summary>
internal sealed class BorderCutter(char sign) : Cutter
{
    public override void Cut(ReadOnlySpan<char> text, List<TextCut> cuts)
    {
        var start = 0;
        while (start < text.Length)
        {
            var word = start;
            while (word < text.Length && text[word] == sign)
                word++;
            var next = text[word..].IndexOf(sign);
            var end = next < 0 ? text.Length : word + next;
            cuts.Add(new TextCut(start, end));
            start = end;
        }
    }
}
