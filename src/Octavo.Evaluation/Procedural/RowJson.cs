using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Octavo.Core;

namespace Octavo.Evaluation.Procedural;

/// <summary>Rows as lines of JSON: <c>messages</c> for training, the other members for judging answers.</summary>
internal static class RowJson
{
    private static readonly JsonWriterOptions _compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One row as one line, without its end.</summary>
    public static string Write(ProceduralRow row)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, _compact))
        {
            json.WriteStartObject();
            json.WriteStartArray("messages");
            WriteMessage(json, "user", row.Question);
            WriteMessage(json, "assistant", row.Target);
            json.WriteEndArray();
            json.WriteString("task", row.Task);
            json.WriteString("answer", row.Answer);
            json.WriteString("id", row.Id);
            json.WriteString("split", row.Split);
            json.WriteString("template", row.Template);
            if (row.Choices is not null)
                WriteTexts(json, "choices", row.Choices);
            if (row.Gold is { } gold)
                json.WriteNumber("gold", gold);
            if (row.Instructions is not null)
                WriteInstructions(json, row);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads a line that <see cref="Write"/> made.</summary>
    /// <exception cref="InputFileException">It is no such line.</exception>
    public static ProceduralRow Read(string line, string place)
    {
        try
        {
            var row = JsonNode.Parse(line)!.AsObject();
            var messages = row["messages"]!.AsArray();
            return new ProceduralRow(
                Text(row, "id"), Text(row, "task"), Text(row, "split"), Text(row, "template"),
                Text(messages[0]!, "content"), Text(messages[1]!, "content"), Text(row, "answer"))
            {
                Choices = Texts(row["choices"]),
                Gold = (int?)row["gold"],
                Instructions = Texts(row["instruction_id_list"]),
                Arguments = row["kwargs"]?.AsArray().Select(node => node!.DeepClone().AsObject()).ToList(),
            };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or NullReferenceException or ArgumentOutOfRangeException)
        {
            throw new InputFileException($"{place}: no row of 'octavo data make': {error.Message} Make the file again.", error);
        }
    }

    private static string Text(JsonNode holder, string name) => (string?)holder[name] ?? throw new JsonException($"it has no '{name}'.");

    private static List<string>? Texts(JsonNode? node) => node?.AsArray().Select(item => (string)item!).ToList();

    private static void WriteMessage(Utf8JsonWriter json, string role, string content)
    {
        json.WriteStartObject();
        json.WriteString("role", role);
        json.WriteString("content", content);
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void WriteInstructions(Utf8JsonWriter json, ProceduralRow row)
    {
        WriteTexts(json, "instruction_id_list", row.Instructions!);
        json.WriteStartArray("kwargs");
        foreach (var arguments in row.Arguments!)
            arguments.WriteTo(json);
        json.WriteEndArray();
    }
}
