using System.Globalization;
using System.Text.Json;
using Octavo.Core;
using Octavo.Core.Store;

namespace Octavo.Engine.Kv;

/// <summary>
/// Pattern files in MInference's public layout: a list over layers of <c>{"head": [type, V, S, score]}</c>, heads by their number as text.
/// </summary>
public static class HeadPatternFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>[layers][H]</returns>
    /// <exception cref="InputFileException">It is missing, no JSON, or not in that layout; the message says where.</exception>
    public static IReadOnlyList<IReadOnlyList<HeadPattern>> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var layers = document.RootElement.EnumerateArray().Select((layer, i) => Heads(path, layer, i)).ToList();
            return layers.Count > 0 && layers.All(heads => heads.Count == layers[0].Count)
                ? layers
                : throw new InputFileException($"{path}: it has no layers, or layers of different numbers of heads.");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new InputFileException($"{path} is no file of patterns ({error.Message}); it has to be a list over layers of {{\"0\": [\"vertical_and_slash\", 1000, 6096, 1.0], …}}.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputFileException($"{path} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Writes a file aside and renames it.</summary>
    /// <param name="path">The file; one of that name is replaced.</param>
    /// <param name="patterns">[layers][H]</param>
    public static void Write(string path, IReadOnlyList<IReadOnlyList<HeadPattern>> patterns)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(patterns);
        using var file = new IncompleteFile(path);
        file.Write(stream =>
        {
            using var json = new Utf8JsonWriter(stream);
            json.WriteStartArray();
            foreach (var heads in patterns)
                Write(json, heads);
            json.WriteEndArray();
        });
        file.Keep(overwrite: true);
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<HeadPattern> heads)
    {
        json.WriteStartObject();
        for (var head = 0; head < heads.Count; head++)
        {
            json.WriteStartArray(head.ToString(CultureInfo.InvariantCulture));
            json.WriteStringValue(heads[head].Type);
            json.WriteNumberValue(heads[head].Vertical);
            json.WriteNumberValue(heads[head].Slash);
            json.WriteNumberValue(heads[head].Score);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static List<HeadPattern> Heads(string path, JsonElement layer, int number)
    {
        List<HeadPattern> heads = [];
        for (var head = 0; head < layer.EnumerateObject().Count(); head++)
        {
            if (!layer.TryGetProperty(head.ToString(CultureInfo.InvariantCulture), out var pattern) || pattern.GetArrayLength() < 3 || pattern[0].GetString() is not { } type)
                throw new InputFileException($"{path}: layer {number} has no pattern [type, V, S, score] for head {head}.");
            heads.Add(new HeadPattern(type, pattern[1].GetInt32(), pattern[2].GetInt32(), pattern.GetArrayLength() > 3 ? pattern[3].GetDouble() : 1));
        }
        return heads;
    }
}
