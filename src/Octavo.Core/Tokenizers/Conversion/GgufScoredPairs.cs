using Octavo.Core.Tokenizers.Json;
using Octavo.Core.Tokenizers.SentencePiece;

namespace Octavo.Core.Tokenizers.Conversion;

/// <summary>
/// Writes byte-pair encodings over characters, kind <c>llama</c>. There neighbours join by the score of what they make, whichever they are; merges
/// in tokenizer.json name pairs. Both do the same where every way to make a piece is a merge and these stand together.
/// </summary>
internal static class GgufScoredPairs
{
    /// <summary>Writes the entries.</summary>
    /// <param name="source">The tokenizer.</param>
    /// <param name="size">How many rows the model has.</param>
    /// <param name="stopIds">Ids that end what the model writes.</param>
    public static GgufEntries Write(FolderTokenizer source, int size, IReadOnlyList<int> stopIds)
    {
        if (source.Proto is { } proto)
            RefuseRules(source, proto);
        AddedTokens.RefuseFlags(source);
        var kinds = Kinds(source);
        var unknown = Unknown(source);
        var entries = new GgufEntries();
        entries.Set("model", "llama");
        entries.Set("pre", "default");
        GgufPieces.Set(entries, source, size, id => kinds[id]);
        entries.Set("scores", source.Proto is { } file ? GgufPieces.Scores(file, size) : Scores(source, kinds, size));
        GgufSpecialIds.SetIds(entries, source, stopIds, unknown);
        GgufSpecialIds.SetAround(entries, source);
        (string, (string, object)[]) Prefix(bool adds) => (adds ? "a space before texts" : "no space before texts", [("add_space_prefix", adds)]);
        // A SentencePiece model does not look for the unknown token's spelling; all GGUF readers do.
        GgufChoice.Set(entries, source, [Prefix(true), Prefix(false)], skip: source.Proto is null ? -1 : unknown ?? -1);
        return entries;
    }

    private static int? Unknown(FolderTokenizer source)
    {
        if (source.Json is { } root)
            return root.Required("model").Optional("unk_token") is { } token && source.Vocabulary.Id(token.Text()) is >= 0 and var id ? id : null;
        return source.Proto!.Kinds.IndexOf(TokenKind.Unknown) is >= 0 and var first ? first : null;
    }

    private static TokenKind[] Kinds(FolderTokenizer source)
    {
        var kinds = new TokenKind[source.Vocabulary.Size];
        for (var id = 0; id < kinds.Length; id++)
            kinds[id] = source.Vocabulary.Kind(id);
        if (source.Json is not { } root)
            return kinds;
        // tokenizer.json has no kinds: bytes are pieces spelt so, and the unknown token is an added one.
        for (var id = 0; id < kinds.Length; id++)
        {
            if (kinds[id] == TokenKind.Normal && root.Required("model").Flag("byte_fallback", false) && SentencePieceModel.ByteOf(source.Vocabulary.Piece(id)) >= 0)
                kinds[id] = TokenKind.Byte;
        }
        if (Unknown(source) is { } unknown && kinds[unknown] == TokenKind.Control)
            kinds[unknown] = TokenKind.Unknown;
        return kinds;
    }

    private static void RefuseRules(FolderTokenizer source, SentencePieceProto proto)
    {
        var rule = proto switch
        {
            { RemoveExtraWhitespaces: true } => "several spaces become one (remove_extra_whitespaces)",
            { CharacterMap.Length: > 0 } => "characters are rewritten by rules (precompiled_charsmap)",
            { TreatWhitespaceAsSuffix: true } => "words have their space behind them (treat_whitespace_as_suffix)",
            { EscapeWhitespaces: false } => "spaces stay as they are (escape_whitespaces)",
            _ => null,
        };
        if (rule is not null)
            throw source.Refused($"{rule}, which GGUF files of kind llama cannot say", "Keep the model as a folder.");
    }

    // The first piece that merges make has the highest score.
    private static float[] Scores(FolderTokenizer source, TokenKind[] kinds, int size)
    {
        var (counts, order) = (new int[kinds.Length], new List<int>());
        foreach (var merge in source.Json!.Value.Required("model").Required("merges").Items())
        {
            var (left, right) = JsonBpe.Parts(merge);
            var id = Normal(source, kinds, left + right);
            if (id < 0 || Normal(source, kinds, left) < 0 || Normal(source, kinds, right) < 0)
                throw source.Refused($"a merge joins '{left}' and '{right}', of which one is an added token or makes one", "In a GGUF file of kind llama added " +
                    "tokens are found in the text only. Keep the model as a folder.");
            if (counts[id]++ == 0)
                order.Add(id);
            else if (order[^1] != id)
                throw source.Refused($"merges that make '{left}{right}' stand apart, and others stand between them", "In a GGUF file all ways to make a piece " +
                    "have one place in the order. Keep the model as a folder.");
        }
        for (var id = 0; id < kinds.Length; id++)
            RefuseOtherWays(source, kinds, id, counts[id]);
        var scores = new float[size];
        for (var id = 0; id < size; id++)
            scores[id] = id < kinds.Length && kinds[id] != TokenKind.Normal ? 0 : -order.Count;
        for (var i = 0; i < order.Count; i++)
            scores[order[i]] = -i;
        return scores;
    }

    private static void RefuseOtherWays(FolderTokenizer source, TokenKind[] kinds, int id, int merges)
    {
        if (kinds[id] != TokenKind.Normal)
            return;
        var piece = source.Vocabulary.Piece(id);
        var ways = PieceSplits.Of(piece).Count(split =>
            Normal(source, kinds, piece.AsSpan(0, split)) >= 0 && Normal(source, kinds, piece.AsSpan(split)) >= 0);
        if (ways != merges)
            throw source.Refused($"the pieces of the vocabulary make '{piece}' in {ways} ways, of which {merges} are merges", "In a GGUF file of kind llama " +
                "each way counts. Keep the model as a folder.");
    }

    private static int Normal(FolderTokenizer source, TokenKind[] kinds, ReadOnlySpan<char> piece) =>
        source.Vocabulary.Id(piece) is >= 0 and var id && kinds[id] == TokenKind.Normal ? id : -1;
}
