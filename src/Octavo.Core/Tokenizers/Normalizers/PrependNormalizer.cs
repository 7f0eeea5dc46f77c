using Octavo.Core.Tokenizers.Pipeline;

namespace Octavo.Core.Tokenizers.Normalizers;

/// <summary>Puts something before a text that is not empty; it stands for the first character.</summary>
internal sealed class PrependNormalizer(string prefix) : Normalizer
{
    public override void Apply(MappedText text)
    {
        if (text.Length == 0)
            return;
        var first = char.IsHighSurrogate(text.Units[0]) ? 2 : 1;
        var writer = text.Rewrite();
        writer.Put(prefix, text.StartOf(0), text.EndOf(first));
        text.CopyTo(writer, 0, text.Length);
        text.Take(writer);
    }
}
