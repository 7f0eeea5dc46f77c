namespace Octavo.Core.Tokenizers.PreTokenizers;

/// <summary>Cuts before each occurrence of a sign, of several in a row before each one.</summary>
internal sealed class SignCutter(char sign) : Cutter
{
    public override void Cut(ReadOnlySpan<char> text, List<TextCut> cuts)
    {
        for (var start = 0; start < text.Length;)
        {
            var next = text[(start + 1)..].IndexOf(sign);
            var end = next < 0 ? text.Length : start + 1 + next;
            cuts.Add(new TextCut(start, end));
            start = end;
        }
    }
}
