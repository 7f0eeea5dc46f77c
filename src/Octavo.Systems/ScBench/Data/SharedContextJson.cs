using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Octavo.Core;

namespace Octavo.Systems.ScBench.Data;

/// <summary>
/// Rows as lines of JSON in the layout of the released dataset (microsoft/SCBench): <c>id</c>, <c>context</c> (text or whole
/// numbers; some rows have it as <c>input</c>), <c>multi_turns</c> with <c>input</c> and <c>answer</c> (text, number or list), and
/// what some tasks have besides.
/// </summary>
internal static class SharedContextJson
{
    private static readonly JsonWriterOptions _compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a file of rows; empty lines are passed over.</summary>
    /// <param name="path">A JSONL file.</param>
    /// <exception cref="InputFileException">The file cannot be read, or a line is no row; with its place.</exception>
    public static IEnumerable<SharedContext> ReadFile(string path)
    {
        var number = 0;
        foreach (var line in Lines(path))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
                yield return Read(line, $"{path}:{number}");
        }
    }

    /// <summary>Reads one line.</summary>
    /// <param name="line">The JSON.</param>
    /// <param name="place">Where it is from, for errors.</param>
    /// <exception cref="InputFileException">It is no row.</exception>
    public static SharedContext Read(string line, string place)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return Row(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InputFileException(
                $"{place}: no row of SCBench: {error.Message} A row has 'id', 'context' and 'multi_turns' with 'input' and 'answer'.", error);
        }
    }

    /// <summary>One row as one line, without its end. What was read is written as it was, but for <c>input</c> as the context's
    /// name.</summary>
    public static string Write(SharedContext row)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, _compact))
        {
            json.WriteStartObject();
            json.WriteNumber("id", row.Id);
            WriteContext(json, row);
            json.WriteStartArray("multi_turns");
            foreach (var turn in row.Turns)
                WriteTurn(json, turn);
            json.WriteEndArray();
            WriteOptional(json, "task", row.Task);
            WriteOptional(json, "lang", row.Language);
            WriteOptional(json, "repo", row.Repository);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static SharedContext Row(JsonElement row)
    {
        var context = row.TryGetProperty("context", out var named) ? named : Member(row, "input");
        var numbers = context.ValueKind == JsonValueKind.Array ? context.EnumerateArray().Select(item => item.GetInt64()).ToList() : null;
        List<ContextTurn> turns = [.. Member(row, "multi_turns").EnumerateArray().Select(Turn)];
        if (turns.Count == 0)
            throw new JsonException("'multi_turns' is empty.");
        return new SharedContext(Member(row, "id").GetInt64(), numbers is null ? Text(context, "context") : $"[{string.Join(", ", numbers)}]", turns)
        {
            Numbers = numbers,
            Task = Optional(row, "task"),
            Language = Optional(row, "lang"),
            Repository = Optional(row, "repo"),
        };
    }

    private static ContextTurn Turn(JsonElement turn) => new(Text(Member(turn, "input"), "input"), Answer(Member(turn, "answer")))
    {
        Options = turn.TryGetProperty("options", out var options) && options.ValueKind == JsonValueKind.Array
            ? [.. options.EnumerateArray().Select(option => Text(option, "options"))]
            : null,
        Task = Optional(turn, "task"),
        Function = Optional(turn, "name"),
    };

    /// <summary>A gold answer: a text, a number or a list.</summary>
    /// <exception cref="JsonException">It is none of these.</exception>
    internal static GoldAnswer Answer(JsonElement answer) => answer.ValueKind switch
    {
        JsonValueKind.String => GoldAnswer.Of(answer.GetString()!),
        JsonValueKind.Number => GoldAnswer.OfNumber(answer.GetRawText()),
        JsonValueKind.Array when answer.GetArrayLength() == 0 => throw new JsonException("'answer' is an empty list."),
        JsonValueKind.Array when answer.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number) =>
            GoldAnswer.OfList([.. answer.EnumerateArray().Select(item => item.GetRawText())], areNumbers: true),
        JsonValueKind.Array => GoldAnswer.OfList([.. answer.EnumerateArray().Select(item => Text(item, "answer"))]),
        _ => throw new JsonException("'answer' is neither a text nor a number nor a list."),
    };

    private static JsonElement Member(JsonElement holder, string name) =>
        holder.ValueKind == JsonValueKind.Object && holder.TryGetProperty(name, out var value)
        ? value
        : throw new JsonException($"it has no '{name}'.");

    private static string Text(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new JsonException($"'{name}' is no text.");

    private static string? Optional(JsonElement holder, string name) =>
        holder.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? Text(value, name) : null;

    private static void WriteContext(Utf8JsonWriter json, SharedContext row)
    {
        if (row.Numbers is null)
        {
            json.WriteString("context", row.Context);
            return;
        }
        json.WriteStartArray("context");
        foreach (var number in row.Numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static void WriteTurn(Utf8JsonWriter json, ContextTurn turn)
    {
        json.WriteStartObject();
        json.WriteString("input", turn.Input);
        json.WritePropertyName("answer");
        WriteAnswer(json, turn.Answer);
        if (turn.Options is not null)
        {
            json.WriteStartArray("options");
            foreach (var option in turn.Options)
                json.WriteStringValue(option);
            json.WriteEndArray();
        }
        WriteOptional(json, "task", turn.Task);
        WriteOptional(json, "name", turn.Function);
        json.WriteEndObject();
    }

    /// <summary>Writes a gold answer as it was stored.</summary>
    internal static void WriteAnswer(Utf8JsonWriter json, GoldAnswer answer)
    {
        if (answer.IsList)
            json.WriteStartArray();
        foreach (var text in answer.Texts)
        {
            if (answer.IsNumber)
                json.WriteRawValue(text);
            else
                json.WriteStringValue(text);
        }
        if (answer.IsList)
            json.WriteEndArray();
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    private static IEnumerable<string> Lines(string path)
    {
        IEnumerator<string> lines;
        try
        {
            lines = File.ReadLines(path).GetEnumerator();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, failure);
        }
        using (lines)
        {
            while (true)
            {
                try
                {
                    if (!lines.MoveNext())
                        yield break;
                }
                catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
                {
                    throw Unreadable(path, failure);
                }
                yield return lines.Current;
            }
        }
    }

    private static InputFileException Unreadable(string path, Exception failure) => new($"{path} cannot be read: {failure.Message}", failure);
}
