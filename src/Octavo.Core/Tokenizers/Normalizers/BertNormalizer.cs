using Octavo.Core.Tokenizers.Normalization;
using Octavo.Core.Tokenizers.Pipeline;
using Octavo.Core.Tokenizers.PreTokenizers;
using Octavo.Core.Tokenizers.Unicode;

namespace Octavo.Core.Tokenizers.Normalizers;

/// <summary>What BERT does to a text.</summary>
/// <param name="clean">Takes controls out and makes white space spaces.</param>
/// <param name="chinese">Puts spaces around ideographs.</param>
/// <param name="stripAccents">Takes accents off.</param>
/// <param name="lowercase">Makes letters small.</param>
internal sealed class BertNormalizer(bool clean, bool chinese, bool stripAccents, bool lowercase) : Normalizer
{
    private const char FirstIdeograph = '\u3400';
    private const char FirstMark = '\u0300';

    private static readonly FilterNormalizer _controls =
        new(new UnionSet([new RangeSet([(0, 0), (0xFFFD, 0xFFFD)]), ScalarSets.BertControl]));

    private static readonly SpaceNormalizer _spaces =
        new(new IntersectionSet([ScalarSets.WhiteSpace, new ComplementSet(new RangeSet([(' ', ' ')]))]));

    private static readonly ScalarSet _ideographs = new RangeSet(
    [
        (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F),
        (0x2B920, 0x2CEAF), (0x2F800, 0x2FA1F),
    ]);

    private static readonly UnicodeNormalizer _decompose = new(NormalForm.D);
    private static readonly FilterNormalizer _accents = new(ScalarSets.NonSpacingMark);
    private static readonly LowercaseNormalizer _lowercase = new();

    public override void Apply(MappedText text)
    {
        if (clean)
        {
            _controls.Apply(text);
            _spaces.Apply(text);
        }
        if (chinese)
            Surround(text);
        if (stripAccents)
        {
            _decompose.Apply(text);
            if (text.Units.ContainsAnyInRange(FirstMark, '\uFFFF'))
                _accents.Apply(text);
        }
        if (lowercase)
            _lowercase.Apply(text);
    }

    private static void Surround(MappedText text)
    {
        var at = text.Units.IndexOfAnyInRange(FirstIdeograph, '\uFFFF');
        at = at < 0 ? text.Length : _ideographs.Next(text.Units, at);
        if (at == text.Length)
            return;
        var writer = text.Rewrite();
        var from = 0;
        for (; at < text.Length; at = _ideographs.Next(text.Units, from))
        {
            text.CopyTo(writer, from, at);
            Scalars.At(text.Units, at, out var length);
            var (start, end) = (text.StartOf(at), text.EndOf(at + length));
            writer.Put(' ', start, end);
            writer.Put(text.Units.Slice(at, length), start, end);
            writer.Put(' ', start, end);
            from = at + length;
        }
        text.CopyTo(writer, from, text.Length);
        text.Take(writer);
    }
}
