using Octavo.Core.Tokenizers.Pipeline;

namespace Octavo.Core.Tokenizers.Normalizers;

/// <summary>One stage that rewrites a text before it is cut. Safe to use from many threads at once.</summary>
internal abstract class Normalizer
{
    public abstract void Apply(MappedText text);

    /// <summary>A text normalized, without where it came from.</summary>
    public string Normalize(string text)
    {
        var mapped = new MappedText(text, 0);
        Apply(mapped);
        return mapped.ToString();
    }
}
