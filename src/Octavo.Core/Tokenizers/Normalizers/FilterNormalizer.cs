using Octavo.Core.Tokenizers.Pipeline;
using Octavo.Core.Tokenizers.Unicode;

namespace Octavo.Core.Tokenizers.Normalizers;

/// <summary>Takes the code points of a set out.</summary>
internal sealed class FilterNormalizer(ScalarSet removed) : Normalizer
{
    public override void Apply(MappedText text)
    {
        var from = removed.Next(text.Units, 0);
        if (from == text.Length)
            return;
        var writer = text.Rewrite();
        text.CopyTo(writer, 0, from);
        while (from < text.Length)
        {
            from = removed.RunEnd(text.Units, from);
            var to = removed.Next(text.Units, from);
            text.CopyTo(writer, from, to);
            from = to;
        }
        text.Take(writer);
    }
}
