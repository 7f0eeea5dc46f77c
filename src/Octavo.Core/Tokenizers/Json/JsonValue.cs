using System.Text.Json;

namespace Octavo.Core.Tokenizers.Json;

/// <summary>A value in a JSON file that knows its place, so that each error can name it.</summary>
/// <param name="Element">The value.</param>
/// <param name="File">The file.</param>
/// <param name="Path">Where the value stands in it, from <c>$</c>.</param>
internal readonly record struct JsonValue(JsonElement Element, string File, string Path)
{
    /// <summary>File and place, for messages.</summary>
    public string Place => $"{File}: {Path}";

    /// <summary>The value of a key, or null where it is absent or null.</summary>
    public JsonValue? Optional(string key)
    {
        Expect(JsonValueKind.Object, "an object");
        try
        {
            return Element.TryGetProperty(key, out var child) && child.ValueKind != JsonValueKind.Null
                ? new JsonValue(child, File, $"{Path}.{key}")
                : null;
        }
        catch (InvalidOperationException exception)
        {
            throw new InputFileException($"{Place} has a key that is no Unicode text: it has a lone surrogate.", exception);
        }
    }

    /// <summary>The value of a key that must be there.</summary>
    public JsonValue Required(string key) => Optional(key) ?? throw Wrong($"lacks '{key}'");

    /// <summary>What the key <c>type</c> says.</summary>
    public string TypeName() => Required("type").Text();

    /// <summary>The value as text.</summary>
    public string Text()
    {
        Expect(JsonValueKind.String, "a text");
        try
        {
            return Element.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw new InputFileException(
                $"{Place} is no Unicode text: it has a lone surrogate or bytes that are no UTF-8.", exception);
        }
    }

    /// <summary>A switch, with what it is where absent.</summary>
    public bool Flag(string key, bool fallback)
    {
        if (Optional(key) is not { } value)
            return fallback;
        return value.Element.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw value.Wrong("is not true or false"),
        };
    }

    /// <summary>The value as a token id.</summary>
    public int Id()
    {
        Expect(JsonValueKind.Number, "a token id");
        if (!Element.TryGetInt32(out var id) || id is < 0 or >= Vocabulary.LargestSize)
            throw Wrong($"is {Element.GetRawText()}; a token id runs from 0 to {Vocabulary.LargestSize - 1}");
        return id;
    }

    /// <summary>The value as a whole number within bounds.</summary>
    public int Count(int least, int most)
    {
        Expect(JsonValueKind.Number, "a number");
        return Element.TryGetInt32(out var count) && count >= least && count <= most
            ? count
            : throw Wrong($"is {Element.GetRawText()}; a whole number from {least} to {most} is expected");
    }

    /// <summary>The entries of a list.</summary>
    public IEnumerable<JsonValue> Items()
    {
        Expect(JsonValueKind.Array, "a list");
        var index = 0;
        foreach (var item in Element.EnumerateArray())
            yield return new JsonValue(item, File, $"{Path}[{index++}]");
    }

    /// <summary>Refuses another kind of value.</summary>
    public void Expect(JsonValueKind kind, string expected)
    {
        if (Element.ValueKind != kind)
            throw Wrong($"is {Describe(Element.ValueKind)}, where {expected} is expected");
    }

    /// <summary>The error that something is wrong with this value.</summary>
    public InputFileException Wrong(string what) =>
        new($"{Place} {what}. The file is damaged or not a tokenizer; download it again.");

    /// <summary>The error that this component is not supported.</summary>
    public UnsupportedException Unsupported(string what, string supported) =>
        new($"{Place}: {what} is not supported. Supported: {supported}.");

    private static string Describe(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };
}
