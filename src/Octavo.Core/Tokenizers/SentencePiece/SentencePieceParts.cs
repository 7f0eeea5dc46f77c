using Octavo.Core.Tokenizers.Models;
using Octavo.Core.Tokenizers.Normalizers;
using Octavo.Core.Tokenizers.Pipeline;
using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers.SentencePiece;

/// <summary>What a file says of a SentencePiece tokenizer.</summary>
/// <param name="Kind">The kind, for people.</param>
/// <param name="Model">Pieces and scores.</param>
/// <param name="IsUnigram">Whether the best-scoring sequence is taken; else neighbours join by score.</param>
internal sealed record SentencePieceParts(string Kind, SentencePieceModel Model, bool IsUnigram)
{
    /// <summary>Normalization rules.</summary>
    public CharacterMap Map { get; init; } = CharacterMap.Empty;

    /// <summary>Whether a space is put at the beginning of texts.</summary>
    public bool AddsSpace { get; init; } = true;

    /// <summary>Whether it is put at the end instead.</summary>
    public bool SpaceIsSuffix { get; init; }

    /// <summary>Whether spaces at the ends go, and of several only one stays.</summary>
    public bool RemovesSpaces { get; init; }

    /// <summary>Whether the sign takes the space's place.</summary>
    public bool WritesSign { get; init; } = true;

    /// <summary>The text of the unknown token; null: its piece.</summary>
    public string? UnknownText { get; init; }

    /// <summary>Puts the tokenizer together.</summary>
    /// <param name="special">The special ids.</param>
    /// <param name="added">Tokens that are recognised before anything else.</param>
    public SentencePieceTokenizer Build(SpecialIds special, AddedTokenTrie added)
    {
        WordModel words = IsUnigram ? new SentenceUnigramModel(Model) : new ScoreBpeModel(Model);
        var stages = new PipelineStages(words, added, new AddedTokenTrie([]))
        {
            Normalizer = new SentencePieceNormalizer(Map, Model.Symbols)
            {
                AddsSpace = AddsSpace,
                SpaceIsSuffix = SpaceIsSuffix,
                RemovesSpaces = RemovesSpaces,
                WritesSign = WritesSign,
            },
            // Sums over a whole text round otherwise than sums over words, so the unigram model gets the whole.
            PreTokenizers = !IsUnigram && WritesSign && Model.KeepsBorders
                ? [new CutPreTokenizer(new BorderCutter(SentencePieceModel.Space))] : [],
        };
        return new SentencePieceTokenizer(Kind, Model.Vocabulary, special, stages)
        {
            FirstSpaces = RemovesSpaces ? FirstSpaces.DropEach : AddsSpace ? FirstSpaces.DropOne : FirstSpaces.Keep,
            UnknownText = UnknownText,
            SymbolsHaveSign = !ReferenceEquals(Model.Symbols, UserSymbols.None),
        };
    }
}
