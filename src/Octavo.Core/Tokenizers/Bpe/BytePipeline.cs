using Octavo.Core.Tokenizers.Models;
using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers.Bpe;

/// <summary>The stages between a text and its tokens in a byte-level tokenizer.</summary>
/// <param name="Model">Bytes and merges.</param>
/// <param name="Cutters">The pre-tokenizer; each stage cuts what the one before gave.</param>
/// <param name="Raw">Added tokens that are looked for in the text as it came.</param>
/// <param name="Normalized">Added tokens that are looked for in the normalized text.</param>
internal sealed record BytePipeline(BpeModel Model, Cutter[] Cutters, AddedTokenTrie Raw, AddedTokenTrie Normalized)
{
    /// <summary>Tokens of words met before; places are counted in scalars.</summary>
    public WordCache Words { get; } = new();

    /// <summary>Whether the text is brought into normalization form C.</summary>
    public bool Nfc { get; init; }

    /// <summary>Whether the last stage puts a space before what does not begin with one.</summary>
    public bool PrefixSpace { get; init; }

    /// <summary>Whether the places of tokens leave out the spaces at their ends.</summary>
    public bool TrimPlaces { get; init; }

    /// <summary>With <see cref="TrimPlaces"/>: whether a single space before the first token counts as put there.</summary>
    public bool TrimKeepsFirstSpace { get; init; }
}
