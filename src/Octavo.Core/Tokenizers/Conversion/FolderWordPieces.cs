using static Octavo.Core.Tokenizers.Conversion.JsonStages;

namespace Octavo.Core.Tokenizers.Conversion;

/// <summary>Writes tokenizers of kind <c>bert</c>, with the normalizer that readers of such files use.</summary>
internal static class FolderWordPieces
{
    private const string InsidePrefix = "##";

    public static FolderParts Parts(VocabularyTokenizer tokenizer, GgufVocabulary file)
    {
        var unknown = tokenizer.Piece(file.Id("unknown_token_id")!.Value);
        var model = Stage("WordPiece", ("unk_token", unknown), ("continuing_subword_prefix", InsidePrefix), ("max_input_chars_per_word", 100));
        return new FolderParts(tokenizer, model, writer => FolderParts.WriteIds(writer, tokenizer.Vocabulary))
        {
            Normalizer = Stage("BertNormalizer", ("clean_text", true), ("handle_chinese_chars", true), ("strip_accents", null), ("lowercase", true)),
            PreTokenizer = Stage("BertPreTokenizer"),
            Decoder = Stage("WordPiece", ("prefix", InsidePrefix), ("cleanup", true)),
        };
    }
}
