using Octavo.Core.Tokenizers.Pipeline;
using Octavo.Core.Tokenizers.Unicode;

namespace Octavo.Core.Tokenizers.Normalizers;

/// <summary>Takes white space off the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : Normalizer
{
    public override void Apply(MappedText text)
    {
        var from = left ? ScalarSets.WhiteSpace.RunEnd(text.Units, 0) : 0;
        var to = text.Length;
        // White space is in the first plane, a unit each.
        while (right && to > from && ScalarSets.WhiteSpace.Contains(text.Units[to - 1]))
            to--;
        if (from == 0 && to == text.Length)
            return;
        var writer = text.Rewrite();
        text.CopyTo(writer, from, to);
        text.Take(writer);
    }
}
