using System.Text.Json;
using System.Text.Json.Nodes;
using Octavo.Cli.Output;
using Octavo.Core;

namespace Octavo.Cli.Chat;

/// <summary>The messages of a chat. It can be kept as a JSON file: <c>{"messages": [{"role", "content"}]}</c>.</summary>
internal sealed class Conversation
{
    private static readonly string[] _roles = ["system", "user", "assistant"];

    private readonly List<(string Role, string Text)> _messages = [];

    /// <param name="system">The system message, or null.</param>
    public Conversation(string? system = null)
    {
        if (system is not null)
            Add("system", system);
    }

    public IReadOnlyList<(string Role, string Text)> Messages => _messages;

    public string? System => _messages.Count > 0 && _messages[0].Role == "system" ? _messages[0].Text : null;

    public void Add(string role, string text) => _messages.Add((role, text));

    /// <summary>Takes the last message back.</summary>
    public void RemoveLast() => _messages.RemoveAt(_messages.Count - 1);

    /// <summary>Writes the conversation to a file that appears only when it is whole.</summary>
    /// <exception cref="ConfigException">The place cannot be written to.</exception>
    /// <exception cref="ResourceException">The disk is full or fails.</exception>
    public void Save(string path)
    {
        var text = JsonText.Make(new JsonWriterOptions { Indented = true }, json =>
        {
            json.WriteStartArray("messages");
            foreach (var (role, content) in _messages)
            {
                json.WriteStartObject();
                json.WriteString("role", role);
                json.WriteString("content", content);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
        TextFile.Write(path, text);
    }

    /// <exception cref="InputFileException">The file is not there or holds something else.</exception>
    public static Conversation Load(string path)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(InputFile.ReadText(path));
        }
        catch (JsonException error)
        {
            throw new InputFileException($"{path}: not valid JSON: {error.Message}", error);
        }
        var conversation = new Conversation();
        if (root is not JsonObject { } holder || holder["messages"] is not JsonArray messages)
            throw new InputFileException($"{path}: no list 'messages'; give a file that /save wrote.");
        foreach (var message in messages)
        {
            if (message is not JsonObject fields || Text(fields, "role") is not { } role || Text(fields, "content") is not { } content)
                throw new InputFileException($"{path}: message {conversation.Messages.Count} has no role and content that are texts.");
            if (!_roles.Contains(role))
                throw new InputFileException($"{path}: message {conversation.Messages.Count} has the role '{role}'; there are {string.Join(", ", _roles)}.");
            conversation.Add(role, content);
        }
        return conversation;
    }

    private static string? Text(JsonObject fields, string name) =>
        fields[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
