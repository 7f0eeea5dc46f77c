using Octavo.Core.Tokenizers.Pipeline;
using Octavo.Core.Tokenizers.Unicode;

namespace Octavo.Core.Tokenizers.Normalizers;

/// <summary>Makes each code point of a set, all of the first plane, a space.</summary>
internal sealed class SpaceNormalizer(ScalarSet set) : Normalizer
{
    public override void Apply(MappedText text)
    {
        var units = text.Units;
        for (var at = set.Next(units, 0); at < units.Length; at = set.Next(units, at + 1))
            units[at] = ' ';
    }
}
