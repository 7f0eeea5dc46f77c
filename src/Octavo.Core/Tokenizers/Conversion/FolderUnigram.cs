using System.Text.Json;
using System.Text.Json.Nodes;
using Octavo.Core.Tokenizers.SentencePiece;
using static Octavo.Core.Tokenizers.Conversion.JsonStages;

namespace Octavo.Core.Tokenizers.Conversion;

/// <summary>Writes tokenizers of kind <c>t5</c>. Spaces are taken out and put before by normalizers, which do so in SentencePiece's order.</summary>
internal static class FolderUnigram
{
    private const string Sign = "\u2581";

    // No character, so that no piece has it.
    private const string UnknownMark = "\uFFFE";
    private const int MostStripped = 1 << 16;

    /// <summary>The token for text without a piece, by its key or by its kind; null: there is none.</summary>
    public static int? Unknown(GgufVocabulary file) =>
        file.Id("unknown_token_id") ?? (Array.IndexOf(file.Kinds, TokenKind.Unknown) is >= 0 and var first ? first : null);

    public static FolderParts Parts(VocabularyTokenizer tokenizer, GgufVocabulary file)
    {
        // Whether the two differ depends on the text only, so probes prove nothing.
        if (file.Bytes("precompiled_charsmap").Length > 0)
            throw new UnsupportedException($"{file.At("precompiled_charsmap")} has rules for characters. A reader of tokenizer.json applies them to a letter " +
                "with its accents as one, here the longest that fits counts: texts with combining marks give other tokens. Keep the model as a GGUF file.");
        var addsSpace = file.Flag("add_space_prefix", true);
        var unknown = Unknown(file);
        var model = Stage("Unigram", ("unk_id", unknown), ("byte_fallback", file.Kinds.Contains(TokenKind.Byte)));
        return new FolderParts(tokenizer, model, writer => WriteVocabulary(writer, file))
        {
            Normalizer = Sequence("normalizers", [.. Normalizers(file, addsSpace)]),
            PreTokenizer = Stage("Metaspace", ("replacement", Sign), ("prepend_scheme", "never"), ("split", true)),
            Decoder = Sequence("decoders", [.. Decoders(file, unknown, addsSpace)]),
        };
    }

    private static IEnumerable<JsonObject> Normalizers(GgufVocabulary file, bool addsSpace)
    {
        var removes = file.Flag("remove_extra_whitespaces", false);
        if (removes)
        {
            yield return ReplacePattern(@"\A +", "");
            yield return ReplacePattern(" {2,}", " ");
        }
        if (addsSpace)
            yield return Stage("Prepend", ("prepend", Sign));
        yield return Replace(" ", Sign);
        // Taken off at the end are signs, whether a space or the text put them there.
        if (removes)
            yield return ReplacePattern($@"{Sign}+\z", "");
    }

    // The spaces of the unknown token's text stay where those of pieces are taken off the beginning, so it is put in after that.
    private static IEnumerable<JsonObject> Decoders(GgufVocabulary file, int? unknown, bool addsSpace)
    {
        var marks = unknown is { } id && file.Kinds[id] == TokenKind.Unknown;
        if (marks)
            yield return Replace(file.Pieces[unknown!.Value], UnknownMark);
        yield return Replace(Sign, " ");
        if (file.Kinds.Contains(TokenKind.Byte))
            yield return Stage("ByteFallback");
        yield return Stage("Fuse");
        var removes = file.Flag("remove_extra_whitespaces", false);
        if (removes || addsSpace)
            yield return Stage("Strip", ("content", " "), ("start", removes ? MostStripped : 1), ("stop", 0));
        if (marks)
            yield return Replace(UnknownMark, SentencePieceProto.DefaultUnknownText);
    }

    // A list, so unused pieces can be left out at its end only; elsewhere they get the least score.
    private static void WriteVocabulary(Utf8JsonWriter writer, GgufVocabulary file)
    {
        var scores = file.Scores();
        var least = scores.Where((_, id) => file.Kinds[id] == TokenKind.Normal).DefaultIfEmpty().Min();
        var count = Array.FindLastIndex(file.Kinds, kind => kind != TokenKind.Unused) + 1;
        writer.WritePropertyName("vocab");
        writer.WriteStartArray();
        for (var id = 0; id < count; id++)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(file.Pieces[id]);
            writer.WriteNumberValue((double)(file.Kinds[id] == TokenKind.Unused ? least : scores[id]));
            writer.WriteEndArray();
        }
        writer.WriteEndArray();
    }
}
