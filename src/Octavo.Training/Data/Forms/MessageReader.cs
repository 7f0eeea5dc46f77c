using System.Text.Json;
using Octavo.Training.Data.Rows;

namespace Octavo.Training.Data.Forms;

/// <summary>Reads lists of messages: role and content, or from and value.</summary>
internal static class MessageReader
{
    /// <summary>Reads a list of messages.</summary>
    /// <param name="list">The list.</param>
    /// <param name="name">Its column, for messages of errors.</param>
    /// <exception cref="RowException">It is no list, it is empty, or a message of it has no role or no text.</exception>
    public static IReadOnlyList<Message> Read(JsonElement list, string name)
    {
        if (list.ValueKind != JsonValueKind.Array)
            throw Wrong($"'{name}' is {RowSource.NameOf(list.ValueKind)}; a list of messages is needed.", list);
        var messages = new List<Message>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray())
            messages.Add(ReadOne(item, $"{name}[{messages.Count}]"));
        return messages.Count > 0 ? messages : throw Wrong($"'{name}' is an empty list.", list);
    }

    /// <summary>Reads a text.</summary>
    /// <exception cref="RowException">It is no text, or holds half a character.</exception>
    public static string Text(JsonElement value, string name)
    {
        if (value.ValueKind != JsonValueKind.String)
            throw Wrong($"'{name}' is {RowSource.NameOf(value.ValueKind)}; a text is needed.", value);
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException error)
        {
            throw new RowException(
                RowProblem.InvalidUtf8, $"'{name}' holds half of a character (a lone surrogate).", value.GetRawText(), error);
        }
    }

    private static Message ReadOne(JsonElement item, string name)
    {
        if (item.ValueKind != JsonValueKind.Object)
            throw Wrong($"'{name}' is {RowSource.NameOf(item.ValueKind)}; a message is needed.", item);
        var isShared = item.TryGetProperty("from", out var role) && item.TryGetProperty("value", out _);
        if (!isShared && !item.TryGetProperty("role", out role))
            throw Wrong($"'{name}' has neither 'role' with 'content' nor 'from' with 'value'.", item);
        foreach (var refused in (ReadOnlySpan<string>)["tool_calls", "function_call"])
        {
            if (item.TryGetProperty(refused, out var calls) && calls.ValueKind is not JsonValueKind.Null && !IsEmpty(calls))
                throw Wrong($"'{name}' has '{refused}', which cannot be learned yet. Take such rows out.", item);
        }
        var key = isShared ? "value" : "content";
        if (!item.TryGetProperty(key, out var content))
            throw Wrong($"'{name}' has no '{key}'.", item);
        var text = content.ValueKind == JsonValueKind.Array ? Parts(content, $"{name}.{key}") : Text(content, $"{name}.{key}");
        return new Message(Role(Text(role, name), name, item), text);
    }

    private static bool IsEmpty(JsonElement value) => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0;

    private static string Parts(JsonElement parts, string name)
    {
        var texts = new List<string>();
        foreach (var part in parts.EnumerateArray())
        {
            if (part.ValueKind != JsonValueKind.Object || !part.TryGetProperty("text", out var text))
                throw Wrong($"'{name}' has a part that is no text; pictures and sounds cannot be learned here.", part);
            texts.Add(Text(text, $"{name}[{texts.Count}].text"));
        }
        return string.Concat(texts);
    }

    private static string Role(string role, string name, JsonElement item) => role switch
    {
        "human" or "user" or "prompter" => Message.User,
        "gpt" or "assistant" or "model" or "bot" or "chatgpt" => Message.Assistant,
        "system" or "developer" => Message.System,
        "tool" or "function" or "observation" => Message.Tool,
        _ => throw Wrong($"'{name}' has the role '{role}'; known are system, user (human), assistant (gpt) and tool.", item),
    };

    private static RowException Wrong(string message, JsonElement value) =>
        new(RowProblem.WrongForm, message, value.ValueKind == JsonValueKind.Undefined ? null : value.GetRawText());
}
