using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Octavo.Core;
using Octavo.Systems.ScBench.Data;
using Octavo.Systems.ScBench.Prompts;

namespace Octavo.Systems.ScBench.Running;

/// <summary>Predictions as lines of JSON. <c>id</c>, <c>turn_idx</c> (from 1), <c>prediction</c> and <c>ground_truth</c> are the released code's names.</summary>
internal static class PredictionJson
{
    private static readonly JsonWriterOptions _compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One line, without its end.</summary>
    public static string Write(Prediction row)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, _compact))
        {
            json.WriteStartObject();
            json.WriteNumber("id", row.Id);
            json.WriteNumber("turn_idx", row.Answer.Turn);
            json.WriteString("prediction", row.Answer.Prediction);
            json.WritePropertyName("ground_truth");
            SharedContextJson.WriteAnswer(json, row.Gold);
            json.WriteString("run_task", row.Task);
            json.WriteString("task", row.Part);
            json.WriteString("mode", row.Mode == ContextMode.MultiTurn ? "multi-turn" : "multi-request");
            json.WriteString("history", row.History == AnswerHistory.Golden ? "golden" : "self");
            json.WriteString("kv", row.Kv);
            json.WriteNumber("parity", row.Parity);
            json.WriteNumber("strict", row.Strict);
            json.WriteNumber("stored_bytes", row.Answer.StoredBytes);
            json.WriteNumber("peak_bytes", row.Answer.PeakBytes);
            json.WriteNumber("first_token_ms", Math.Round(row.Answer.FirstToken.TotalMilliseconds, 3));
            json.WriteNumber("ms_per_token", Math.Round(row.Answer.PerToken.TotalMilliseconds, 3));
            json.WriteNumber("tokens_read", row.Answer.Read);
            json.WriteNumber("tokens_generated", row.Answer.Generated);
            json.WriteNumber("tokens_left_out", row.LeftOut);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads a line.</summary>
    /// <param name="line">The JSON.</param>
    /// <param name="place">Where it is from, for errors.</param>
    /// <exception cref="InputFileException">It is no prediction.</exception>
    public static Prediction Read(string line, string place)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return Row(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InputFileException($"{place}: no prediction of scbench run: {error.Message} Give a file that it wrote.", error);
        }
    }

    private static Prediction Row(JsonElement row) => new(
        row.GetProperty("id").GetInt64(), Text(row, "run_task"), Text(row, "task"),
        Text(row, "mode") == "multi-turn" ? ContextMode.MultiTurn : ContextMode.MultiRequest,
        Text(row, "history") == "golden" ? AnswerHistory.Golden : AnswerHistory.Self, Text(row, "kv"),
        SharedContextJson.Answer(row.GetProperty("ground_truth")), row.GetProperty("tokens_left_out").GetInt32(),
        new TurnAnswer(
            row.GetProperty("turn_idx").GetInt32(), Text(row, "prediction"), row.GetProperty("tokens_read").GetInt32(),
            row.GetProperty("tokens_generated").GetInt32(), row.GetProperty("stored_bytes").GetInt64(), row.GetProperty("peak_bytes").GetInt64(),
            Time(row, "first_token_ms"), Time(row, "ms_per_token")),
        row.GetProperty("parity").GetDouble(), row.GetProperty("strict").GetDouble());

    // whole microseconds, as they were written: a tick less would round means another way
    private static TimeSpan Time(JsonElement row, string name) => TimeSpan.FromMicroseconds(Math.Round(row.GetProperty(name).GetDouble() * 1000));

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString() ?? throw new JsonException($"'{name}' is null.");
}
