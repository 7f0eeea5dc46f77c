using System.Text.Json;
using Octavo.Core;

namespace Octavo.Models.Checkpoints;

/// <summary>Finds the chat template of a folder in the hub's layout.</summary>
internal static class FolderTemplate
{
    /// <summary><c>chat_template.jinja</c>, else <c>chat_template</c> of tokenizer_config.json: a text, or the one named default of a list.</summary>
    public static string? Find(string folder)
    {
        var jinja = Path.Combine(folder, "chat_template.jinja");
        if (File.Exists(jinja))
            return File.ReadAllText(jinja);
        var config = Path.Combine(folder, "tokenizer_config.json");
        if (!File.Exists(config))
            return null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(config));
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("chat_template", out var template))
                return null;
            if (template.ValueKind == JsonValueKind.Array)
            {
                var named = template.EnumerateArray().FirstOrDefault(IsDefault);
                template = named.ValueKind == JsonValueKind.Object ? named.GetProperty("template") : default;
            }
            return template.ValueKind == JsonValueKind.String ? template.GetString() : null;
        }
        catch (JsonException error)
        {
            throw new CheckpointException($"{config}: not valid JSON: {error.Message} Get the file again.", error);
        }
    }

    private static bool IsDefault(JsonElement entry) =>
        entry.ValueKind == JsonValueKind.Object
        && entry.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String && name.GetString() == "default"
        && entry.TryGetProperty("template", out _);
}
