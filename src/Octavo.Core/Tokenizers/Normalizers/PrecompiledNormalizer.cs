using System.Globalization;
using Octavo.Core.Tokenizers.Pipeline;
using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers.Normalizers;

/// <summary>
/// SentencePiece's rules as the reference applies them: to a grapheme of less than six bytes whole, where a rule fits its
/// beginning, else to each code point.
/// </summary>
internal sealed class PrecompiledNormalizer(CharacterMap map) : Normalizer
{
    private const int LargestGrapheme = 5;

    // Below this unit, and apart from line ends, each is a grapheme by itself where the next one is below it too.
    private const char FirstExtending = '\u0300';

    public override void Apply(MappedText text)
    {
        var units = text.Units;
        var at = 0;
        while (at < units.Length && map.Keeps(units, at))
            at++;
        if (at == units.Length)
            return;
        var changes = new List<TextChange>(units.Length + 16);
        var changed = false;
        for (at = 0; at < units.Length;)
        {
            var length = GraphemeLength(units, at);
            changed |= AddGrapheme(units.Slice(at, length), changes);
            at += length;
        }
        if (changed)
            text.Transform(changes);
    }

    private static int GraphemeLength(ReadOnlySpan<char> units, int at)
    {
        var isSingle = units[at] < FirstExtending && units[at] != '\r'
            && (at + 1 == units.Length || units[at + 1] < FirstExtending);
        return isSingle ? 1 : StringInfo.GetNextTextElementLength(units[at..]);
    }

    private bool AddGrapheme(ReadOnlySpan<char> grapheme, List<TextChange> changes)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(grapheme) <= LargestGrapheme && map.Shortest(grapheme) is { } whole)
        {
            Replace(Scalars.Count(grapheme), whole, changes);
            return true;
        }
        var changed = false;
        for (var at = 0; at < grapheme.Length;)
        {
            var scalar = Scalars.At(grapheme, at, out var length);
            if (map.Shortest(grapheme.Slice(at, length)) is { } replacement)
            {
                Replace(1, replacement, changes);
                changed = true;
            }
            else
                changes.Add(new TextChange(scalar, 0));
            at += length;
        }
        return changed;
    }

    // What is longer than before came in additionally; what is shorter is swallowed by the code point before, and by none at
    // the beginning.
    private static void Replace(int oldCount, string replacement, List<TextChange> changes)
    {
        var count = 0;
        foreach (var rune in replacement.EnumerateRunes())
            changes.Add(new TextChange(rune.Value, count++ < oldCount ? 0 : 1));
        if (count < oldCount && changes.Count > 0)
            changes[^1] = changes[^1] with { Delta = changes[^1].Delta + count - oldCount };
    }
}
