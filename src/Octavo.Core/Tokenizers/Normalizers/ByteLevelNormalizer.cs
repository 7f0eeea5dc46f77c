using Octavo.Core.Tokenizers.Pipeline;
using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers.Normalizers;

/// <summary>Spells each byte of the text's UTF-8 by a letter.</summary>
internal sealed class ByteLevelNormalizer : Normalizer
{
    public override void Apply(MappedText text)
    {
        var writer = text.Rewrite();
        ByteLevelPreTokenizer.Spell(text.Units, text, 0, 0, writer);
        text.Take(writer);
    }
}
