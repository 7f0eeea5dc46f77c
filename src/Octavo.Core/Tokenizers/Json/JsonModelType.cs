using System.Text.Json;

namespace Octavo.Core.Tokenizers.Json;

/// <summary>The kinds of model in tokenizer.json.</summary>
internal static class JsonModelType
{
    public const string Bpe = "BPE";
    public const string Unigram = "Unigram";
    public const string WordLevel = "WordLevel";
    public const string WordPiece = "WordPiece";

    private const string Known = "BPE, Unigram, WordLevel, WordPiece";

    /// <summary>The model's type; older files do not name it, and then it shows in what the model has.</summary>
    public static string Read(JsonValue model)
    {
        if (model.Optional("type") is null)
            return Guess(model);
        var type = model.TypeName();
        return type is Bpe or Unigram or WordLevel or WordPiece
            ? type
            : throw model.Unsupported($"a model of type '{type}'", Known);
    }

    private static string Guess(JsonValue model)
    {
        if (model.Optional("merges") is not null)
            return Bpe;
        if (model.Required("vocab").Element.ValueKind == JsonValueKind.Array)
            return Unigram;
        return model.Optional("max_input_chars_per_word") is not null ? WordPiece : WordLevel;
    }
}
