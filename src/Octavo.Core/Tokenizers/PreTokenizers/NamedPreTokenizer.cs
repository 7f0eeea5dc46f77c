namespace Octavo.Core.Tokenizers.PreTokenizers;

/// <summary>What the name of a pre-tokenizer in a GGUF file stands for.</summary>
/// <param name="Cutters">The stages; each cuts what the one before gave.</param>
internal sealed record NamedPreTokenizer(Cutter[] Cutters)
{
    /// <summary>Whether a word that is a piece as it stands is taken whole.</summary>
    public bool IgnoresMerges { get; init; }

    /// <summary>Whether texts begin with a token where the file does not say.</summary>
    public bool AddsBos { get; init; }
}
