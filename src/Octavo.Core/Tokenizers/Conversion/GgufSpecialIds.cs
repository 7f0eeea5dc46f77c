namespace Octavo.Core.Tokenizers.Conversion;

/// <summary>Writes which tokens begin, end and stand around texts.</summary>
internal static class GgufSpecialIds
{
    private const string EndOfMessage = "<|eom_id|>";

    /// <summary>Sets the ids of special tokens.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="source">The tokenizer.</param>
    /// <param name="stopIds">Ids that end what the model writes.</param>
    /// <param name="unknown">The token for text without a piece, where the tokenizer's file names one.</param>
    public static void SetIds(GgufEntries entries, FolderTokenizer source, IReadOnlyList<int> stopIds, int? unknown = null)
    {
        var special = source.Tokenizer.Special;
        foreach (var id in stopIds)
        {
            if (source.Vocabulary.Kind(id) == TokenKind.None)
                throw new ConfigException($"{source.File} has no token {id}, which the model's configuration names as an end. Correct eos_token_id.");
        }
        entries.SetId("bos_token_id", special.Bos ?? (special.Before is [var first, ..] ? first : null));
        var eos = special.Eos ?? (special.After is [.., var last] ? last : stopIds.Count > 0 ? stopIds[0] : null);
        entries.SetId("eos_token_id", eos);
        SetStopIds(entries, source, [.. stopIds.Where(id => id != eos)], SpecialIds.StopIds(source.Vocabulary, eos, null, null));
        entries.SetId("unknown_token_id", unknown ?? source.NamedId("unk_token"));
        entries.SetId("padding_token_id", source.NamedId("pad_token"));
    }

    /// <summary>Sets whether the first and the last token stand around texts.</summary>
    /// <exception cref="UnsupportedException">Other tokens do.</exception>
    public static void SetAround(GgufEntries entries, FolderTokenizer source)
    {
        var special = source.Tokenizer.Special;
        Refuse(source, special.Before, special.Bos, "begin", "bos_token");
        Refuse(source, special.After, special.Eos, "end", "eos_token");
        entries.Set("add_bos_token", special.Before.Length > 0);
        entries.Set("add_eos_token", special.After.Length > 0);
    }

    /// <summary>The difference between the tokens that end an answer, for messages; null: none.</summary>
    public static string? CompareStops(VocabularyTokenizer source, VocabularyTokenizer written, IReadOnlyList<int> stopIds)
    {
        var (mine, its) = (source.StopIds.Union(stopIds).Order().ToArray(), written.StopIds.Order().ToArray());
        return mine.SequenceEqual(its) || source.EosId is null && mine.All(its.Contains)
            ? null
            : $"the tokens that end an answer are {string.Join(", ", mine)} here and {string.Join(", ", its)} there";
    }

    // Readers know ends by their usual spellings; the others need a key of their own, of which there are two.
    private static void SetStopIds(GgufEntries entries, FolderTokenizer source, List<int> others, int[] known)
    {
        var needed = others.Except(known).ToArray();
        if (needed.Length > 2)
            throw source.Refused($"the tokens {string.Join(", ", needed.Select(source.Vocabulary.Piece))} end an answer, beside the end of text",
                "A GGUF file names two more (eot_token_id, eom_token_id). Shorten eos_token_id in the model's generation_config.json or config.json.");
        int? message = others.Contains(source.Vocabulary.Id(EndOfMessage)) ? source.Vocabulary.Id(EndOfMessage) : null;
        if (needed.Length == 2)
            message ??= needed[1];
        var turn = needed.Concat(others).Where(id => id != message).Take(1).ToArray();
        entries.SetId("eot_token_id", turn.Length > 0 ? turn[0] : null);
        entries.SetId("eom_token_id", message);
    }

    private static void Refuse(FolderTokenizer source, int[] around, int? named, string does, string key)
    {
        if (around.Length > 1)
            throw source.Refused($"texts {does} with {around.Length} tokens, {string.Join(' ', around.Select(source.Vocabulary.Piece))}",
                "A GGUF file can name one. Change post_processor in tokenizer.json, and put the others into the chat template.");
        if (around.Length == 1 && named is { } id && id != around[0])
            throw source.Refused($"texts {does} with '{source.Vocabulary.Piece(around[0])}', but {key} is '{source.Vocabulary.Piece(id)}'",
                $"In a GGUF file both are one token. Make {key} in tokenizer_config.json and post_processor in tokenizer.json agree.");
    }
}
