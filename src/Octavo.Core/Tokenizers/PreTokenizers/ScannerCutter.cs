namespace Octavo.Core.Tokenizers.PreTokenizers;

/// <summary>Cuts where a scanner ends its pieces; every character stays.</summary>
internal sealed class ScannerCutter(Scanner scanner) : Cutter
{
    /// <summary>The scanner, for those who want one piece after another.</summary>
    public Scanner Scanner => scanner;

    public override void Cut(ReadOnlySpan<char> text, List<TextCut> cuts)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = start + scanner.Next(text[start..]);
            cuts.Add(new TextCut(start, end));
            start = end;
        }
    }
}
