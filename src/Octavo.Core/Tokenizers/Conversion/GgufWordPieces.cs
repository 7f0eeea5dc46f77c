using System.Text.Json;
using Octavo.Core.Tokenizers.Json;
using Octavo.Core.Tokenizers.SentencePiece;

namespace Octavo.Core.Tokenizers.Conversion;

/// <summary>
/// Writes WordPiece, kind <c>bert</c>: the first piece of a word is marked, the others are not. How texts are normalized is not said; readers do it
/// as BERT's vocabularies of small letters want it.
/// </summary>
internal static class GgufWordPieces
{
    private const string InsidePrefix = "##";

    /// <summary>Writes the entries.</summary>
    /// <param name="source">The tokenizer.</param>
    /// <param name="size">How many rows the model has.</param>
    /// <param name="stopIds">Ids that end what the model writes.</param>
    public static GgufEntries Write(FolderTokenizer source, int size, IReadOnlyList<int> stopIds)
    {
        AddedTokens.RefuseFlags(source);
        var special = source.Tokenizer.Special;
        if (special.Before.Length != 1 || special.After.Length != 1)
            throw source.Refused($"{special.Before.Length} tokens stand before texts and {special.After.Length} after them", "In a GGUF file of kind bert there " +
                "is one each. Keep the model as a folder.");
        var entries = new GgufEntries();
        if (TokenTypes(source) is { } types)
            entries.Set("token_type_count", types);
        entries.Set("model", "bert");
        GgufPieces.Set(entries, source, size, spelling: Spelling);
        var root = source.Json!.Value;
        var unknown = source.Vocabulary.Id(root.Required("model").Optional("unk_token")?.Text() ?? "[UNK]");
        GgufSpecialIds.SetIds(entries, source, stopIds, unknown);
        entries.SetId("seperator_token_id", special.After[0]);
        entries.SetId("cls_token_id", special.Before[0]);
        entries.SetId("mask_token_id", source.NamedId("mask_token"));
        entries.Set("normalizer.lowercase", true);
        GgufChoice.Set(entries, source, [("BERT's normalizer for small letters", [])]);
        if (new TokenizerAgreement(source.Tokenizer, entries.Read(source.File)).ComparePairs() is { } difference)
            throw source.Refused(difference, "A GGUF file of kind bert has CLS, the first text, SEP, the second text, SEP. Keep the model as a folder.");
        return entries;
    }

    private static string Spelling(string piece) => piece.StartsWith(InsidePrefix, StringComparison.Ordinal) && piece.Length > InsidePrefix.Length
        ? piece[InsidePrefix.Length..]
        : SentencePieceModel.Space + piece;

    // How many types of token the model's embeddings have stands in the model's configuration.
    private static uint? TokenTypes(FolderTokenizer source)
    {
        var path = Path.Combine(source.Folder, "config.json");
        if (!File.Exists(path))
            return null;
        using var document = JsonFile.Open(path);
        var count = new JsonValue(document.RootElement, path, "$").Optional("type_vocab_size");
        return count is { Element.ValueKind: JsonValueKind.Number } known ? (uint)known.Count(0, int.MaxValue) : null;
    }
}
