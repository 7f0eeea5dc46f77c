using Octavo.Core.Gguf;
using Octavo.Core.Tokenizers.Json;

namespace Octavo.Core.Tokenizers.Conversion;

/// <summary>Writes the tokenizer of a GGUF file as a model folder has it.</summary>
public static class TokenizerFolderWriter
{
    private const string JsonName = "tokenizer.json";

    /// <summary>
    /// <c>tokenizer.json</c> and <c>tokenizer_config.json</c> of a GGUF file's tokenizer, the same bytes each time. What a reader makes of them has
    /// been compared with the file's tokenizer over a set of texts, every piece and every special token: ids and decoded texts are equal. Unused
    /// tokens, which stand for no text, are left out. The ends that <see cref="Tokenizer.StopIds"/> names beyond the first have no place in these
    /// files; a folder has them in <c>generation_config.json</c>.
    /// </summary>
    /// <remarks>Sums of a unigram model's scores are rounded otherwise in a GGUF reader, so that of sequences of nearly one score, on texts that were
    /// not compared, another one may be chosen.</remarks>
    /// <param name="metadata">The file's metadata.</param>
    /// <exception cref="UnsupportedException">The kind is not supported, or tokenizer.json cannot say something that this tokenizer does; what, and on
    /// which text it shows.</exception>
    /// <exception cref="InputFileException">The vocabulary breaks a rule; the message names the key and the entry.</exception>
    public static IReadOnlyList<(string Name, byte[] Content)> Files(GgufMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        var tokenizer = GgufTokenizers.Read(metadata);
        var file = new GgufVocabulary(metadata);
        var kind = metadata.Get<string>(GgufTokenizers.ModelKey);
        var parts = kind switch
        {
            "gpt2" => FolderBytePairs.Parts(tokenizer, file),
            "llama" => FolderScoredPairs.Parts(tokenizer, file),
            "t5" => FolderUnigram.Parts(tokenizer, file),
            _ => FolderWordPieces.Parts(tokenizer, file),
        };
        var json = parts.ToBytes();
        var config = FolderConfig.Write(metadata, tokenizer, file, hasTypes: kind == "bert");
        Check(metadata, tokenizer, json, config);
        return [(JsonName, json), (TokenizerConfig.FileName, config)];
    }

    private static void Check(GgufMetadata metadata, VocabularyTokenizer tokenizer, byte[] json, byte[] config)
    {
        using var document = JsonFile.Parse(json, JsonName);
        using var names = TokenizerConfig.Parse(config, TokenizerConfig.FileName);
        var agreement = new TokenizerAgreement(tokenizer, TokenizerJson.Read(new JsonValue(document.RootElement, JsonName, "$"), names));
        var difference = agreement.ComparePieces() ?? agreement.CompareEnds() ?? agreement.ComparePairs() ?? agreement.Compare(ProbeTexts.Plain)
            ?? agreement.Compare(ProbeTexts.Of(tokenizer));
        if (difference is not null)
            throw new UnsupportedException($"{metadata.Location}: {JsonName} cannot say what this tokenizer does: {difference}. Here is the GGUF file, " +
                "there the folder. Keep the model as a GGUF file.");
    }
}
