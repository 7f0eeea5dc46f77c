using Octavo.Core.Tokenizers.Unicode;

namespace Octavo.Core.Tokenizers.PreTokenizers;

/// <summary>
/// Cuts where the script changes. The scripts of Japanese count as Han; the space and what has no script go with their
/// neighbours, and are dropped at the beginning, as in the reference.
/// </summary>
internal sealed class ScriptCutter : Cutter
{
    private const int Any = -1;

    // The mark that lengthens a vowel in Katakana, common to both.
    private const int LongVowel = 0x30FC;

    private static readonly int _han = Scripts.Instance.Number("Han");
    private static readonly int _hiragana = Scripts.Instance.Number("Hiragana");
    private static readonly int _katakana = Scripts.Instance.Number("Katakana");

    public override void Cut(ReadOnlySpan<char> text, List<TextCut> cuts)
    {
        var (start, last) = (-1, Any);
        for (var at = 0; at < text.Length;)
        {
            var script = Of(Scalars.At(text, at, out var length));
            if (script != Any && script != last)
            {
                if (start >= 0)
                    cuts.Add(new TextCut(start, at));
                start = at;
                last = script;
            }
            at += length;
        }
        if (start >= 0)
            cuts.Add(new TextCut(start, text.Length));
    }

    private static int Of(int scalar)
    {
        if (scalar == ' ')
            return Any;
        var script = scalar == LongVowel ? _han : Scripts.Instance.Of(scalar);
        return script == _hiragana || script == _katakana ? _han : script;
    }
}
