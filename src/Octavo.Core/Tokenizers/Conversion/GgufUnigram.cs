using Octavo.Core.Tokenizers.Json;

namespace Octavo.Core.Tokenizers.Conversion;

/// <summary>Writes unigram models, kind <c>t5</c>. Readers add scores in single precision over the whole text, the reference in double precision
/// over words: between sequences whose sums agree to about seven digits either may choose.</summary>
internal static class GgufUnigram
{
    private static readonly (bool Prefix, bool Removes)[] _spaces = [(true, true), (true, false), (false, true), (false, false)];

    /// <summary>Writes the entries.</summary>
    /// <param name="source">The tokenizer.</param>
    /// <param name="size">How many rows the model has.</param>
    /// <param name="stopIds">Ids that end what the model writes.</param>
    public static GgufEntries Write(FolderTokenizer source, int size, IReadOnlyList<int> stopIds)
    {
        if (source.Proto is { } proto && (proto.TreatWhitespaceAsSuffix || !proto.EscapeWhitespaces))
            throw source.Refused("words have their space behind them, or spaces stay as they are (treat_whitespace_as_suffix, escape_whitespaces), which a " +
                "GGUF file cannot say", "Keep the model as a folder.");
        AddedTokens.RefuseFlags(source);
        var unknown = Unknown(source);
        var bytes = source.Json?.Required("model").Flag("byte_fallback", false) ?? false;
        var entries = new GgufEntries();
        entries.Set("model", "t5");
        entries.Set("pre", "default");
        GgufPieces.Set(entries, source, size, id => bytes && source.Vocabulary.Kind(id) == TokenKind.Normal
            && SentencePiece.SentencePieceModel.ByteOf(source.Vocabulary.Piece(id)) >= 0 ? TokenKind.Byte : source.Vocabulary.Kind(id));
        entries.Set("scores", source.Proto is { } file ? GgufPieces.Scores(file, size) : Scores(source.Json!.Value, size));
        GgufSpecialIds.SetIds(entries, source, stopIds, unknown);
        GgufSpecialIds.SetAround(entries, source);
        if (Map(source) is { Length: > 0 } map)
            entries.Set("precompiled_charsmap", map);
        // A SentencePiece model does not look for the unknown token's spelling; all GGUF readers do.
        GgufChoice.Set(entries, source, _spaces.Select(spaces => ($"{(spaces.Prefix ? "a" : "no")} space before texts and several spaces " +
            $"{(spaces.Removes ? "made one" : "kept")}", ((string, object)[])[("add_space_prefix", spaces.Prefix), ("remove_extra_whitespaces", spaces.Removes)])),
            skip: source.Proto is null ? -1 : unknown ?? -1);
        return entries;
    }

    private static int? Unknown(FolderTokenizer source)
    {
        if (source.Json is { } root)
            return root.Required("model").Optional("unk_id")?.Id();
        return source.Proto!.Kinds.IndexOf(TokenKind.Unknown) is >= 0 and var first ? first : null;
    }

    private static float[] Scores(JsonValue root, int size)
    {
        var scores = new float[size];
        var id = 0;
        foreach (var entry in root.Required("model").Required("vocab").Items())
            scores[id++] = (float)entry.Element[1].GetDouble();
        return scores;
    }

    // A SentencePiece model applies its rules as GGUF readers do. Whether tokenizer.json differs depends on the text only, so probes prove nothing.
    private static byte[] Map(FolderTokenizer source)
    {
        if (source.Proto is { } proto)
            return proto.CharacterMap;
        return SourceStages.Normalizers(source.Json!.Value).Any(stage => stage.TypeName() == "Precompiled")
            ? throw source.Refused("the normalizer Precompiled applies its rules to a letter with its accents as one. In a GGUF file the longest that fits " +
                "counts: texts with combining marks give other tokens", "Take the model's SentencePiece file (spiece.model) in a folder without tokenizer.json.")
            : [];
    }
}
