namespace Octavo.Core.Tokenizers.Json;

/// <summary>What the post-processor does.</summary>
/// <param name="Before">Token ids put before a text.</param>
/// <param name="After">Token ids put after it.</param>
internal sealed record JsonAround(int[] Before, int[] After)
{
    /// <summary>Whether the places of tokens leave out the spaces at their ends.</summary>
    public bool TrimPlaces { get; init; }

    /// <summary>With <see cref="TrimPlaces"/>: whether a single space before the first token counts as put there.</summary>
    public bool TrimKeepsFirstSpace { get; init; }

    /// <summary>Adds a stage.</summary>
    public JsonAround With(JsonValue stage, Vocabulary vocabulary) => stage.TypeName() switch
    {
        "ByteLevel" => stage.Flag("trim_offsets", true)
            ? this with { TrimPlaces = true, TrimKeepsFirstSpace = stage.Flag("add_prefix_space", true) }
            : this,
        "TemplateProcessing" => WithTemplate(stage, vocabulary),
        var type => throw stage.Unsupported($"the post-processor '{type}'", "ByteLevel, TemplateProcessing, Sequence"),
    };

    private JsonAround WithTemplate(JsonValue stage, Vocabulary vocabulary)
    {
        List<int> before = [];
        List<int> after = [];
        var seen = false;
        var single = stage.Required("single");
        foreach (var part in single.Items())
        {
            if (part.Optional("SpecialToken") is { } special)
                (seen ? after : before).AddRange(Ids(stage, special.Required("id"), vocabulary));
            else if (seen || part.Required("Sequence").Required("id").Text() != "A")
                throw single.Wrong("must hold the sequence A once, and no other");
            else
                seen = true;
        }
        if (!seen)
            throw single.Wrong("must hold the sequence A once");
        return this with { Before = [.. before, .. Before], After = [.. After, .. after] };
    }

    private static List<int> Ids(JsonValue stage, JsonValue name, Vocabulary vocabulary)
    {
        List<int> ids = [];
        var known = stage.Required("special_tokens");
        if (known.Optional(name.Text()) is not { } entry)
            throw name.Wrong($"is '{name.Text()}', which special_tokens does not have");
        foreach (var item in entry.Required("ids").Items())
        {
            var id = item.Id();
            if (vocabulary.Kind(id) == TokenKind.None)
                throw item.Wrong($"is {id}, which the vocabulary does not have");
            ids.Add(id);
        }
        return ids;
    }
}
