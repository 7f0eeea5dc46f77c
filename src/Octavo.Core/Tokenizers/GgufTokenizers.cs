using Octavo.Core.Gguf;
using Octavo.Core.Tokenizers.Bpe;
using Octavo.Core.Tokenizers.PreTokenizers;

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
        return new ByteLevelTokenizer($"gpt2 ({name})", file.Vocabulary, file.SpecialIds(null, null, addBos: isLlama3), pipeline);
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
