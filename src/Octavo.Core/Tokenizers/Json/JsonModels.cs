using Octavo.Core.Tokenizers.Models;

namespace Octavo.Core.Tokenizers.Json;

/// <summary>Reads models, their vocabulary apart.</summary>
internal static class JsonModels
{
    // What a character without a piece costs beyond the worst piece, in the reference.
    private const double UnknownPenalty = 10;

    private const int LongestWord = 1 << 20;

    /// <param name="type">The model's type.</param>
    /// <param name="model">The model.</param>
    /// <param name="vocabulary">The vocabulary.</param>
    /// <param name="scores">Scores by id, where the type has them.</param>
    public static WordModel Read(string type, JsonValue model, Vocabulary vocabulary, List<double> scores) => type switch
    {
        JsonModelType.Bpe => JsonBpe.Read(model, vocabulary),
        JsonModelType.Unigram => ReadUnigram(model, vocabulary, scores),
        JsonModelType.WordPiece => ReadWordPiece(model, vocabulary),
        _ => new WordLevelModel(vocabulary, Unknown(model, vocabulary, "<unk>")),
    };

    private static WordPieceModel ReadWordPiece(JsonValue model, Vocabulary vocabulary)
    {
        var longest = model.Optional("max_input_chars_per_word") is { } limit ? limit.Count(0, LongestWord) : 100;
        var prefix = model.Optional("continuing_subword_prefix")?.Text() ?? "##";
        return new WordPieceModel(vocabulary, Trie(model, vocabulary), Unknown(model, vocabulary, "[UNK]"), prefix, longest);
    }

    private static UnigramWordModel ReadUnigram(JsonValue model, Vocabulary vocabulary, List<double> scores)
    {
        var unknown = model.Optional("unk_id") is { } id ? id.Count(0, scores.Count - 1) : -1;
        var path = new UnigramModel(Trie(model, vocabulary), [.. scores], scores.Min() - UnknownPenalty, unknown,
            SinglePrecision: false);
        return new UnigramWordModel(vocabulary, path, model.Flag("byte_fallback", false) ? JsonBpe.ByteIds(vocabulary) : null);
    }

    private static int Unknown(JsonValue model, Vocabulary vocabulary, string fallback)
    {
        var token = model.Optional("unk_token");
        var spelling = token?.Text() ?? fallback;
        return vocabulary.Id(spelling) is >= 0 and var id
            ? id
            : throw (token ?? model).Wrong($"names '{spelling}' for unknown words, which the vocabulary lacks");
    }

    private static PieceTrie Trie(JsonValue model, Vocabulary vocabulary)
    {
        var trie = new PieceTrie();
        for (var id = 0; id < vocabulary.Size; id++)
        {
            if (vocabulary.IsInModel(id) && vocabulary.Piece(id) is { Length: > 0 } piece && !trie.TryAdd(piece, id))
                throw model.Required("vocab").Unsupported("a vocabulary with more than 16 million beginnings of pieces", "fewer");
        }
        return trie;
    }
}
