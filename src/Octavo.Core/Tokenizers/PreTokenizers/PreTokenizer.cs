using Octavo.Core.Tokenizers.Pipeline;

namespace Octavo.Core.Tokenizers.PreTokenizers;

/// <summary>One stage between normalizing and the model: cuts the text, and may rewrite it. Safe to use from many threads at
/// once.</summary>
internal abstract class PreTokenizer
{
    public abstract void Apply(SplitText text);
}
