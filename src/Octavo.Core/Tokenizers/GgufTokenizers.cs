using Octavo.Core.Gguf;
using Octavo.Core.Tokenizers.Bpe;
using Octavo.Core.Tokenizers.Normalizers;
using Octavo.Core.Tokenizers.PreTokenizers;
using Octavo.Core.Tokenizers.SentencePiece;

namespace Octavo.Core.Tokenizers;

/// <summary>Builds the tokenizers that GGUF files describe.</summary>
internal static class GgufTokenizers
{
    /// <summary>Names the kind.</summary>
    public const string ModelKey = "tokenizer.ggml.model";

    public static VocabularyTokenizer Read(GgufMetadata metadata)
    {
        var model = metadata.Get<string>(ModelKey);
        return model switch
        {
            "gpt2" => ReadByteLevel(metadata),
            "llama" => ReadBpe(metadata),
            "t5" => ReadUnigram(metadata),
            "bert" => GgufBert.Read(new GgufVocabulary(metadata)),
            _ => throw new UnsupportedException(
                $"{metadata.Location}: '{ModelKey}' is '{model}', a kind of tokenizer that is not supported. " +
                "Supported are: bert, gpt2, llama, t5."),
        };
    }

    private static ByteLevelTokenizer ReadByteLevel(GgufMetadata metadata)
    {
        var file = new GgufVocabulary(metadata);
        var name = file.PreTokenizer();
        var known = KnownPreTokenizers.ByName(name, file.At("pre"));
        var model = new BpeModel(file.Vocabulary, ReadMerges(file), known.IgnoresMerges);
        var pipeline = new BytePipeline(model, known.Cutters, new AddedTokenTrie(file.AddedTokens()), new AddedTokenTrie([]));
        return new ByteLevelTokenizer($"gpt2 ({name})", file.Vocabulary, file.SpecialIds(known.AddsBos, addEos: false), pipeline);
    }

    private static SentencePieceTokenizer ReadBpe(GgufMetadata metadata)
    {
        var file = new GgufVocabulary(metadata);
        file.RefuseUnless("pre", "default");
        if (file.Flag("remove_extra_whitespaces", false))
            throw new UnsupportedException(
                $"{file.At("remove_extra_whitespaces")} is true; for this kind of tokenizer only vocabularies that " +
                "keep every space are supported.");
        var parts = new SentencePieceParts("llama", ReadModel(file), IsUnigram: false)
        {
            AddsSpace = file.Flag("add_space_prefix", true),
        };
        return parts.Build(file.SpecialIds(addBos: true, addEos: false), new AddedTokenTrie(file.AddedTokens()));
    }

    private static SentencePieceTokenizer ReadUnigram(GgufMetadata metadata)
    {
        var file = new GgufVocabulary(metadata);
        file.RefuseUnless("pre", "default");
        var parts = new SentencePieceParts("t5", ReadModel(file), IsUnigram: true)
        {
            Map = CharacterMap.Read(file.Bytes("precompiled_charsmap"), file.At("precompiled_charsmap")),
            AddsSpace = file.Flag("add_space_prefix", true),
            RemovesSpaces = file.Flag("remove_extra_whitespaces", false),
            UnknownText = SentencePieceProto.DefaultUnknownText,
        };
        return parts.Build(file.SpecialIds(addBos: false, addEos: true), new AddedTokenTrie(file.AddedTokens()));
    }

    private static SentencePieceModel ReadModel(GgufVocabulary file)
    {
        var scores = file.Scores();
        for (var id = 0; id < scores.Length; id++)
        {
            if (float.IsNaN(scores[id]))
                throw new InputFileException($"{file.At("scores")}: entry {id} is not a number. Convert the model again.");
            if (file.Kinds[id] == TokenKind.Byte && SentencePieceModel.ByteOf(file.Pieces[id]) < 0)
                throw new InputFileException(
                    $"{file.At("tokens")}: entry {id} is '{file.Pieces[id]}', but {file.At("token_type")} calls it " +
                    "a byte, which is spelt <0x00> to <0xFF>. Convert the model again.");
        }
        var unknown = file.Id("unknown_token_id") ?? (Array.IndexOf(file.Kinds, TokenKind.Unknown) is >= 0 and var first
            ? first : null);
        return new SentencePieceModel(file.Vocabulary, scores, unknown);
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
