using Octavo.Core.Tokenizers.Normalization;
using Octavo.Core.Tokenizers.Pipeline;

namespace Octavo.Core.Tokenizers.Normalizers;

/// <summary>Brings a text into one of Unicode's normal forms.</summary>
internal sealed class UnicodeNormalizer(NormalForm form) : Normalizer
{
    public override void Apply(MappedText text)
    {
        if (!Normalizing.IsNormal(text.Units, form))
            text.Transform(Normalizing.Changes(text.Units, form));
    }
}
