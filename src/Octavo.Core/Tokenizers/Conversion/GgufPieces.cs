using Octavo.Core.Tokenizers.SentencePiece;

namespace Octavo.Core.Tokenizers.Conversion;

/// <summary>Writes spellings and kinds, filled up to the rows that the model has.</summary>
internal static class GgufPieces
{
    /// <summary>Sets <c>tokens</c> and <c>token_type</c>.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="source">The tokenizer.</param>
    /// <param name="size">How many rows the model has.</param>
    /// <param name="kind">Kinds by id, where the file has others than the tokenizer; null: the tokenizer's.</param>
    /// <param name="spelling">Spellings of normal pieces by id, likewise.</param>
    /// <exception cref="UnsupportedException">The model has fewer rows than the tokenizer has ids.</exception>
    public static void Set(GgufEntries entries, FolderTokenizer source, int size, Func<int, TokenKind>? kind = null, Func<string, string>? spelling = null)
    {
        var vocabulary = source.Vocabulary;
        if (vocabulary.Size > size)
            throw source.Refused($"token ids run to {vocabulary.Size - 1}, but the model has only {size} rows of embeddings",
                "A GGUF file has as many tokens as the model has rows. Take the surplus tokens out of the tokenizer, or give the model rows for them.");
        var pieces = new string[size];
        var kinds = new int[size];
        for (var id = 0; id < size; id++)
        {
            var its = id < vocabulary.Size ? kind?.Invoke(id) ?? vocabulary.Kind(id) : TokenKind.None;
            kinds[id] = (int)(its == TokenKind.None ? TokenKind.Unused : its);
            pieces[id] = its == TokenKind.None ? Filler(source, id) : vocabulary.Piece(id);
            if (its == TokenKind.Normal && spelling is not null)
                pieces[id] = spelling(pieces[id]);
        }
        entries.Set("tokens", pieces);
        entries.Set("token_type", kinds);
    }

    /// <summary>The scores of a SentencePiece model, with those of tokens that were added to it.</summary>
    public static float[] Scores(SentencePieceProto proto, int size)
    {
        var scores = new float[size];
        proto.Scores.CopyTo(scores);
        return scores;
    }

    private static string Filler(FolderTokenizer source, int id)
    {
        var filler = $"[PAD{id}]";
        return source.Vocabulary.Id(filler) < 0
            ? filler
            : throw source.Refused($"'{filler}' is a token, by which a GGUF file fills the vocabulary up at {id}", "Rename the token.");
    }
}
