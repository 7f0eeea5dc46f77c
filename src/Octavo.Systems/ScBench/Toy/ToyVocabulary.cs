using System.Globalization;
using System.Text.Json.Nodes;

namespace Octavo.Systems.ScBench.Toy;

/// <summary>
/// The words of the toy: <c>k0</c> to <c>k63</c> are keys, <c>v0</c> to <c>v63</c> values, <c>Q</c> asks. There are as many values as
/// the largest context needs, so that none stands in it twice.
/// </summary>
internal static class ToyVocabulary
{
    /// <summary>Stands for any other word.</summary>
    public const int Unknown = 0;

    /// <summary>Begins a text.</summary>
    public const int Begin = 1;

    /// <summary>Asks for the value of the key behind it.</summary>
    public const int Question = 2;

    /// <summary>Keys, and values.</summary>
    public const int Symbols = 64;

    /// <summary>All words.</summary>
    public const int Size = 3 + (2 * Symbols);

    private const string UnknownWord = "<unk>";
    private const string BeginWord = "<s>";

    /// <summary>The id of a key.</summary>
    public static int Key(int number) => 3 + number;

    /// <summary>The id of a value.</summary>
    public static int Value(int number) => 3 + Symbols + number;

    /// <summary>How a word is written.</summary>
    public static string Word(int id) => id switch
    {
        Unknown => UnknownWord,
        Begin => BeginWord,
        Question => "Q",
        < 3 + Symbols => string.Create(CultureInfo.InvariantCulture, $"k{id - 3}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"v{id - 3 - Symbols}"),
    };

    /// <summary>Words with a blank between them.</summary>
    public static string Text(IEnumerable<int> ids) => string.Join(' ', ids.Select(Word));

    /// <summary>The <c>tokenizer.json</c> of these words.</summary>
    public static JsonObject Tokenizer()
    {
        var words = new JsonObject();
        for (var id = 0; id < Size; id++)
            words[Word(id)] = id;
        var begin = new JsonObject { ["SpecialToken"] = new JsonObject { ["id"] = BeginWord, ["type_id"] = 0 } };
        return new JsonObject
        {
            ["version"] = "1.0", ["truncation"] = null, ["padding"] = null,
            ["added_tokens"] = new JsonArray(Special(Unknown), Special(Begin)),
            ["normalizer"] = null,
            ["pre_tokenizer"] = new JsonObject { ["type"] = "WhitespaceSplit" },
            ["post_processor"] = new JsonObject
            {
                ["type"] = "TemplateProcessing",
                ["single"] = new JsonArray(begin, Sequence("A")),
                ["pair"] = new JsonArray(begin.DeepClone(), Sequence("A"), Sequence("B")),
                ["special_tokens"] = new JsonObject
                {
                    [BeginWord] = new JsonObject { ["id"] = BeginWord, ["ids"] = new JsonArray(Begin), ["tokens"] = new JsonArray(BeginWord) },
                },
            },
            ["decoder"] = null,
            ["model"] = new JsonObject { ["type"] = "WordLevel", ["vocab"] = words, ["unk_token"] = UnknownWord },
        };
    }

    /// <summary>The <c>tokenizer_config.json</c> beside it.</summary>
    public static JsonObject TokenizerConfig() => new()
    {
        ["bos_token"] = BeginWord, ["unk_token"] = UnknownWord, ["tokenizer_class"] = "PreTrainedTokenizerFast", ["model_max_length"] = ToyTask.ContextLength,
    };

    private static JsonObject Special(int id) => new()
    {
        ["id"] = id, ["content"] = Word(id), ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false, ["normalized"] = false, ["special"] = true,
    };

    private static JsonObject Sequence(string name) => new() { ["Sequence"] = new JsonObject { ["id"] = name, ["type_id"] = 0 } };
}
