using System.Text.Json;
using Octavo.Core.Tokenizers.Inputs;
using Octavo.Core.Tokenizers.Pipeline;

namespace Octavo.Core.Tokenizers.Json;

/// <summary>What the post-processor does.</summary>
/// <param name="Layout">What stands around texts; null: nothing.</param>
/// <param name="Trimming">How the places of tokens leave spaces out; null: they do not.</param>
internal sealed record JsonLayout(InputLayout? Layout, PlaceTrimming? Trimming)
{
    private const string Known = "BertProcessing, ByteLevel, RobertaProcessing, Sequence, TemplateProcessing";

    /// <summary>Reads the post-processor.</summary>
    public static JsonLayout Read(JsonValue root, Vocabulary vocabulary)
    {
        var layout = new JsonLayout(null, null);
        if (root.Optional("post_processor") is { } processor)
        {
            foreach (var stage in Flatten(processor))
                layout = layout.With(stage, vocabulary);
        }
        return layout;
    }

    private static IEnumerable<JsonValue> Flatten(JsonValue stage) =>
        stage.TypeName() == "Sequence" ? stage.Required("processors").Items().SelectMany(Flatten) : [stage];

    private JsonLayout With(JsonValue stage, Vocabulary vocabulary)
    {
        switch (stage.TypeName())
        {
            case "ByteLevel":
                return Trimmed(stage);
            case "TemplateProcessing":
                return With(stage,
                    new InputLayout(Template(stage, "single", vocabulary, "A"), Template(stage, "pair", vocabulary, "A", "B")));
            case "BertProcessing":
                return With(stage, Ring(stage, vocabulary, isRoberta: false));
            case "RobertaProcessing":
                return Trimmed(stage).With(stage, Ring(stage, vocabulary, isRoberta: true));
            default:
                throw stage.Unsupported($"the post-processor '{stage.TypeName()}'", Known);
        }
    }

    private JsonLayout With(JsonValue stage, InputLayout layout) => Layout is null
        ? this with { Layout = layout }
        : throw stage.Unsupported("a second post-processor that puts tokens around texts", "one of them");

    private JsonLayout Trimmed(JsonValue stage)
    {
        if (!stage.Flag("trim_offsets", true))
            return this;
        if (Trimming is not null)
            throw stage.Unsupported("a second post-processor that trims places", "one of them");
        return this with { Trimming = new PlaceTrimming(stage.Flag("add_prefix_space", true)) };
    }

    // BERT: first A last, and for pairs B last after it, of type 1. RoBERTa: another last before B, and type 0 throughout.
    private static InputLayout Ring(JsonValue stage, Vocabulary vocabulary, bool isRoberta)
    {
        var (first, last) = (NamedId(stage.Required("cls"), vocabulary), NamedId(stage.Required("sep"), vocabulary));
        LayoutPart[] single = [LayoutPart.Special(first, 0), LayoutPart.OfText(0, 0), LayoutPart.Special(last, 0)];
        LayoutPart[] second = isRoberta
            ? [LayoutPart.Special(last, 0), LayoutPart.OfText(1, 0), LayoutPart.Special(last, 0)]
            : [LayoutPart.OfText(1, 1), LayoutPart.Special(last, 1)];
        return new InputLayout(single, [.. single, .. second]);
    }

    // A spelling and its id.
    private static int NamedId(JsonValue pair, Vocabulary vocabulary)
    {
        pair.Expect(JsonValueKind.Array, "a list");
        var items = pair.Items().ToArray();
        return items.Length == 2 ? KnownId(items[1], vocabulary) : throw pair.Wrong("is not a token with its id");
    }

    private static LayoutPart[] Template(JsonValue stage, string key, Vocabulary vocabulary, params string[] names)
    {
        List<LayoutPart> parts = [];
        var template = stage.Required(key);
        foreach (var part in template.Items())
        {
            if (part.Optional("SpecialToken") is { } special)
            {
                var type = special.Required("type_id").Count(0, int.MaxValue);
                parts.AddRange(Ids(stage, special.Required("id"), vocabulary).Select(id => LayoutPart.Special(id, type)));
                continue;
            }
            var sequence = part.Required("Sequence");
            var text = Array.IndexOf(names, sequence.Required("id").Text());
            if (text < 0 || parts.Any(other => other.Text == text))
                throw Wrong(template, names);
            parts.Add(LayoutPart.OfText(text, sequence.Required("type_id").Count(0, int.MaxValue)));
        }
        return parts.Count(part => part.Text >= 0) == names.Length ? [.. parts] : throw Wrong(template, names);
    }

    private static InputFileException Wrong(JsonValue template, string[] names) => template.Wrong(names.Length == 1
        ? "must hold the sequence A once, and no other"
        : "must hold the sequences A and B once each, and no other");

    private static List<int> Ids(JsonValue stage, JsonValue name, Vocabulary vocabulary)
    {
        var known = stage.Required("special_tokens");
        return known.Optional(name.Text()) is { } entry
            ? [.. entry.Required("ids").Items().Select(item => KnownId(item, vocabulary))]
            : throw name.Wrong($"is '{name.Text()}', which special_tokens does not have");
    }

    private static int KnownId(JsonValue item, Vocabulary vocabulary)
    {
        var id = item.Id();
        return vocabulary.Kind(id) != TokenKind.None ? id : throw item.Wrong($"is {id}, which the vocabulary does not have");
    }
}
