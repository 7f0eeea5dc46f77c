using Octavo.Core.Tokenizers.Pipeline;

namespace Octavo.Core.Tokenizers.Normalizers;

/// <summary>Stages one after another.</summary>
internal sealed class SequenceNormalizer(Normalizer[] stages) : Normalizer
{
    public override void Apply(MappedText text)
    {
        foreach (var stage in stages)
            stage.Apply(text);
    }
}
