using Octavo.Core.Tokenizers.Models;
using Octavo.Core.Tokenizers.Normalizers;
using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers.Pipeline;

/// <summary>The stages between a text and its tokens.</summary>
/// <param name="Model">Turns words into tokens.</param>
/// <param name="Raw">Added tokens that are looked for in the text as it came.</param>
/// <param name="Normalized">Added tokens that are looked for in the normalized text.</param>
internal sealed record PipelineStages(WordModel Model, AddedTokenTrie Raw, AddedTokenTrie Normalized)
{
    /// <summary>Rewrites the text; null: it stays as it is.</summary>
    public Normalizer? Normalizer { get; init; }

    /// <summary>Cut the text, one after another.</summary>
    public PreTokenizer[] PreTokenizers { get; init; } = [];

    /// <summary>How the places of tokens leave spaces out; null: they do not.</summary>
    public PlaceTrimming? Trimming { get; init; }

    /// <summary>Tokens of words met before, special tokens allowed.</summary>
    public WordCache Words { get; } = new();

    /// <summary>Tokens of words met before, special tokens not allowed.</summary>
    public WordCache PlainWords { get; } = new();
}

/// <summary>The places of tokens leave out the spaces at their ends.</summary>
/// <param name="KeepsFirstSpace">Whether a single space before the first token counts as put there and stays.</param>
internal sealed record PlaceTrimming(bool KeepsFirstSpace);
