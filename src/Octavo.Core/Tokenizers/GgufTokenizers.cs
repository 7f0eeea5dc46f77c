using Octavo.Core.Gguf;
using Octavo.Core.Tokenizers.Bpe;
using Octavo.Core.Tokenizers.PreTokenizers;
using Octavo.Core.Tokenizers.SentencePiece;

namespace Octavo.Core.Tokenizers;

/// <summary>Builds the tokenizers that GGUF files describe.</summary>
internal static class GgufTokenizers
{
    private const string ModelKey = "tokenizer.ggml.model";

    public static Tokenizer Read(GgufMetadata metadata)
    {
        var model = metadata.Get<string>(ModelKey);
        return model switch
        {
            "gpt2" => ReadByteLevel(metadata),
            "llama" => ReadSentencePiece(metadata),
            _ => throw new UnsupportedException($"{metadata.Location}: '{ModelKey}' is '{model}', a kind of tokenizer that is not supported. " +
                "Supported are: gpt2, llama."),
        };
    }

    private static ByteLevelTokenizer ReadByteLevel(GgufMetadata metadata)
    {
        var file = new GgufVocabulary(metadata);
        var name = file.PreTokenizer();
        var scanners = KnownPreTokenizers.ByName(name, file.At("pre"));
        // Llama 3's vocabulary has words that no merges lead to, and its texts begin with a token where the file does not say otherwise.
        var isLlama3 = name == "llama-bpe";
        var model = new BpeModel(file.Vocabulary, ReadMerges(file), ignoreMerges: isLlama3);
        var pipeline = new BytePipeline(model, scanners, new AddedTokenTrie(file.AddedTokens()), new AddedTokenTrie([]));
        return new ByteLevelTokenizer($"gpt2 ({name})", file.Vocabulary, file.SpecialIds(addBos: isLlama3), pipeline);
    }

    private static SentencePieceTokenizer ReadSentencePiece(GgufMetadata metadata)
    {
        var file = new GgufVocabulary(metadata);
        file.RefuseUnless("pre", "default");
        if (file.Flag("remove_extra_whitespaces", false))
            throw new UnsupportedException($"{file.At("remove_extra_whitespaces")} is true; only vocabularies that keep every space are " +
                "supported.");
        var scores = file.Scores();
        for (var id = 0; id < scores.Length; id++)
        {
            if (float.IsNaN(scores[id]))
                throw new InputFileException($"{file.At("scores")}: entry {id} is not a number. Convert the model again.");
            if (file.Kinds[id] == TokenKind.Byte && SentencePieceModel.ByteOf(file.Pieces[id]) < 0)
                throw new InputFileException($"{file.At("tokens")}: entry {id} is '{file.Pieces[id]}', but {file.At("token_type")} calls it " +
                    "a byte, which is spelt <0x00> to <0xFF>. Convert the model again.");
        }
        var unknown = file.Id("unknown_token_id") ?? (Array.IndexOf(file.Kinds, TokenKind.Unknown) is >= 0 and var first ? first : null);
        var model = new SentencePieceModel(file.Vocabulary, scores, unknown, file.Flag("add_space_prefix", true));
        var added = new AddedTokenTrie(file.AddedTokens());
        return new SentencePieceTokenizer("llama", file.Vocabulary, file.SpecialIds(addBos: true), model, added);
    }

    private static MergeTable ReadMerges(GgufVocabulary file)
    {
        var merges = file.Merges();
        var builder = new MergeTableBuilder(file.Vocabulary, merges.Length, file.At("merges"));
        foreach (var merge in merges)
            builder.Add(merge);
        return builder.Table;
    }
}
