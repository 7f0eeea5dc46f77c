using Octavo.Core.Tokenizers.Json;
using Octavo.Core.Tokenizers.SentencePiece;

namespace Octavo.Core.Tokenizers.Conversion;

/// <summary>Writes the tokenizer of a model folder as a GGUF file has it.</summary>
public static class GgufTokenizerWriter
{
    /// <summary>
    /// The keys <c>tokenizer.ggml.*</c> of a folder's tokenizer, in the order to write them. What a reader makes of them has been compared with the
    /// folder's tokenizer over a set of texts, every piece and every special token: ids and decoded texts are equal.
    /// </summary>
    /// <remarks>How inputs are cut and filled up (<see cref="Tokenizer.InputDefaults"/>) is not carried. The unknown token's spelling within a text is
    /// the token in a GGUF file, where a SentencePiece model takes it for text. Sums of a unigram model's scores are rounded otherwise than in
    /// tokenizer.json, so that sequences of nearly one score may be chosen differently.</remarks>
    /// <param name="folder">A folder with <c>tokenizer.json</c> or a SentencePiece model, and <c>tokenizer_config.json</c> where it has one.</param>
    /// <param name="vocabularySize">How many rows the model's embeddings have; ids beyond the tokenizer become unused tokens <c>[PADn]</c>.</param>
    /// <param name="stopIds">Ids that end what the model writes, by its <c>eos_token_id</c>; the tokenizer's own come first. Null: none.</param>
    /// <param name="acceptUnnormalized">A GGUF file of kind <c>gpt2</c> cannot say that texts are normalized to form C. True writes it all the same,
    /// and promises equal ids for texts in form C only; false refuses.</param>
    /// <returns>Values of the types that <see cref="Gguf.GgufMetadata"/> names.</returns>
    /// <exception cref="UnsupportedException">The format cannot say something that this tokenizer does; what, and on which text it shows.</exception>
    /// <exception cref="InputFileException">The folder has no tokenizer, or it is broken.</exception>
    /// <exception cref="ConfigException">A stop id is no token.</exception>
    public static IReadOnlyDictionary<string, object> Metadata(
        string folder, int vocabularySize, IReadOnlyList<int>? stopIds = null, bool acceptUnnormalized = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(vocabularySize);
        using var source = FolderTokenizer.Open(folder);
        var stops = stopIds ?? [];
        var entries = Write(source, vocabularySize, stops, acceptUnnormalized);
        var written = entries.Read(source.File);
        var agreement = new TokenizerAgreement(source.Tokenizer, written);
        if ((agreement.ComparePieces() ?? agreement.CompareEnds() ?? GgufSpecialIds.CompareStops(source.Tokenizer, written, stops)) is { } difference)
            throw source.Refused($"a GGUF file cannot say what this tokenizer does: {difference}", "Keep the model as a folder.");
        return entries.Values;
    }

    private static GgufEntries Write(FolderTokenizer source, int size, IReadOnlyList<int> stopIds, bool acceptUnnormalized)
    {
        if (source.Proto is { } proto)
            return proto.ModelType == SentencePieceFile.Bpe ? GgufScoredPairs.Write(source, size, stopIds) : GgufUnigram.Write(source, size, stopIds);
        var root = source.Json!.Value;
        var type = JsonModelType.Read(root.Required("model"));
        if (GgufBytePairs.Fits(root, type))
            return GgufBytePairs.Write(source, size, stopIds, acceptUnnormalized);
        return type switch
        {
            JsonModelType.Bpe => GgufScoredPairs.Write(source, size, stopIds),
            JsonModelType.Unigram => GgufUnigram.Write(source, size, stopIds),
            JsonModelType.WordPiece => GgufWordPieces.Write(source, size, stopIds),
            _ => throw source.Refused($"a tokenizer of kind '{source.Tokenizer.Kind}' cannot be written as GGUF", "Written are: BPE, Unigram, WordPiece."),
        };
    }
}
