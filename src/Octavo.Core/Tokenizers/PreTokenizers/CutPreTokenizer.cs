using Octavo.Core.Tokenizers.Pipeline;

namespace Octavo.Core.Tokenizers.PreTokenizers;

/// <summary>Cuts and rewrites nothing.</summary>
internal sealed class CutPreTokenizer(Cutter cutter) : PreTokenizer
{
    public override void Apply(SplitText text) => text.Cut(cutter);
}
