using System.Text.Json.Nodes;
using Octavo.Core.Tokenizers.Inputs;

namespace Octavo.Core.Tokenizers.Conversion;

/// <summary>The stages of tokenizer.json.</summary>
internal static class JsonStages
{
    public static JsonObject Stage(string type, params (string Key, JsonNode? Value)[] fields)
    {
        var stage = new JsonObject { ["type"] = type };
        foreach (var (key, value) in fields)
            stage[key] = value;
        return stage;
    }

    /// <summary>Stages one after another.</summary>
    /// <param name="key">What the list is called in a sequence of this sort.</param>
    /// <param name="stages">The stages; one stands by itself.</param>
    public static JsonObject Sequence(string key, params JsonObject[] stages) =>
        stages.Length == 1 ? stages[0] : Stage("Sequence", (key, new JsonArray([.. stages])));

    public static JsonObject Split(string pattern) =>
        Stage("Split", ("pattern", new JsonObject { ["Regex"] = pattern }), ("behavior", "Isolated"), ("invert", false));

    public static JsonObject Replace(string text, string content) =>
        Stage("Replace", ("pattern", new JsonObject { ["String"] = text }), ("content", content));

    public static JsonObject ReplacePattern(string pattern, string content) =>
        Stage("Replace", ("pattern", new JsonObject { ["Regex"] = pattern }), ("content", content));

    public static JsonObject ByteLevel(bool regex) =>
        Stage("ByteLevel", ("add_prefix_space", false), ("trim_offsets", false), ("use_regex", regex));

    /// <summary>Puts the tokens of a layout around texts; null where there are none.</summary>
    public static JsonObject? Template(InputLayout layout, Vocabulary vocabulary)
    {
        var ids = layout.Single.Concat(layout.Pair).Where(part => part.Text < 0).Select(part => part.Id).Distinct().Order().ToArray();
        return ids.Length == 0
            ? null
            : Stage("TemplateProcessing",
                ("single", Parts(layout.Single, vocabulary)),
                ("pair", Parts(layout.Pair, vocabulary)),
                ("special_tokens", new JsonObject(ids.Select(id => KeyValuePair.Create(vocabulary.Piece(id), (JsonNode?)Special(vocabulary.Piece(id), id))))));
    }

    private static JsonObject Special(string piece, int id) =>
        new() { ["id"] = piece, ["ids"] = new JsonArray(id), ["tokens"] = new JsonArray(piece) };

    private static JsonArray Parts(LayoutPart[] parts, Vocabulary vocabulary) => new([.. parts.Select(part => part.Text < 0
        ? new JsonObject { ["SpecialToken"] = new JsonObject { ["id"] = vocabulary.Piece(part.Id), ["type_id"] = part.TypeId } }
        : new JsonObject { ["Sequence"] = new JsonObject { ["id"] = part.Text == 0 ? "A" : "B", ["type_id"] = part.TypeId } })]);
}
