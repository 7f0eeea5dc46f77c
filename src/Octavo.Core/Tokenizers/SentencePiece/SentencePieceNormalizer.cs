using Octavo.Core.Tokenizers.Normalizers;
using Octavo.Core.Tokenizers.Pipeline;

namespace Octavo.Core.Tokenizers.SentencePiece;

/// <summary>What SentencePiece does to a text: rules, spaces taken out, a space put before, the sign for the space.</summary>
/// <param name="map">The rules.</param>
/// <param name="symbols">Texts that are left as they are.</param>
internal sealed class SentencePieceNormalizer(CharacterMap map, UserSymbols symbols) : Normalizer
{
    /// <summary>Whether a space is put at the beginning.</summary>
    public bool AddsSpace { get; init; }

    /// <summary>Whether it is put at the end instead.</summary>
    public bool SpaceIsSuffix { get; init; }

    /// <summary>Whether spaces at the ends go, and of several only one stays.</summary>
    public bool RemovesSpaces { get; init; }

    /// <summary>Whether the sign takes the space's place.</summary>
    public bool WritesSign { get; init; } = true;

    private char Sign => WritesSign ? SentencePieceModel.Space : ' ';

    public override void Apply(MappedText text)
    {
        var units = text.Units;
        var at = 0;
        while (RemovesSpaces && at < units.Length)
        {
            if (!Rule(units, at, out var length).SequenceEqual(" "))
                break;
            at += length;
        }
        var writer = new MappedText.Writer(units.Length + 16);
        if (at < units.Length)
            Write(text, at, writer);
        text.Take(writer);
    }

    private void Write(MappedText text, int at, MappedText.Writer writer)
    {
        var units = text.Units;
        // The space put before stands for the first character, the one put behind for the last.
        if (AddsSpace && !SpaceIsSuffix)
            writer.Put(Sign, text.StartOf(at), text.EndOf(at + (char.IsHighSurrogate(units[at]) ? 2 : 1)));
        var afterSpace = RemovesSpaces;
        while (at < units.Length)
        {
            var kept = at;
            while (kept < units.Length && units[kept] != ' ' && map.Keeps(units, kept) && !symbols.BeginWith(units[kept]))
                kept++;
            if (kept > at)
            {
                text.CopyTo(writer, at, kept);
                (at, afterSpace) = (kept, false);
                continue;
            }
            var put = Rule(units, at, out var length);
            var (start, end) = (text.StartOf(at), text.EndOf(at + length));
            if (afterSpace)
                put = put.TrimStart(' ');
            foreach (var unit in put)
                writer.Put(unit == ' ' ? Sign : unit, start, end);
            if (put.Length > 0)
                afterSpace = RemovesSpaces && put[^1] == ' ';
            at += length;
        }
        if (RemovesSpaces)
            writer.TrimEnd(Sign);
        if (AddsSpace && SpaceIsSuffix)
            writer.Put(Sign, text.StartBefore(units.Length), text.EndBefore(units.Length));
    }

    // What takes the place of what stands at a place.
    private ReadOnlySpan<char> Rule(ReadOnlySpan<char> units, int at, out int length)
    {
        length = symbols.Match(units, at, out var symbol);
        if (symbol >= 0 || map.Keeps(units, at))
            return units.Slice(at, length);
        if (map.Longest(units, at, out var taken) is not { } replacement)
            return units.Slice(at, length);
        length = taken;
        return replacement;
    }
}
