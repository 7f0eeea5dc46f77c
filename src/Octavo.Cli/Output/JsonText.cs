using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Octavo.Cli.Output;

/// <summary>Writes results for machines: one JSON value and a line end.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions _compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions _indented = _compact with { Indented = true };

    /// <summary>Writes one object on one line.</summary>
    public static void WriteLine(TextWriter writer, Action<Utf8JsonWriter> content) => writer.WriteLine(MakeLine(content));

    /// <summary>One object on one line, without its end.</summary>
    public static string MakeLine(Action<Utf8JsonWriter> content) => Make(_compact, content);

    /// <summary>Writes one object over several lines, for long results.</summary>
    public static void WriteIndented(TextWriter writer, Action<Utf8JsonWriter> content) => writer.WriteLine(MakeIndented(content));

    /// <summary>One object over several lines.</summary>
    public static string MakeIndented(Action<Utf8JsonWriter> content) => Make(_indented, content);

    /// <summary>The members that <paramref name="content"/> writes, as an object's text.</summary>
    public static string Make(JsonWriterOptions options, Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static void WriteNumbers(this Utf8JsonWriter json, string name, IEnumerable<int> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    public static void WriteTexts(this Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    /// <summary>A list of <c>[id, number]</c> pairs.</summary>
    public static void WritePairs(this Utf8JsonWriter json, string name, IEnumerable<(int Id, float Number)> pairs)
    {
        json.WriteStartArray(name);
        foreach (var (id, number) in pairs)
        {
            json.WriteStartArray();
            json.WriteNumberValue(id);
            json.WriteNumberValue(number);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    /// <summary>Seconds with microseconds, which is what clocks here tell.</summary>
    public static void WriteSeconds(this Utf8JsonWriter json, string name, TimeSpan time) => json.WriteNumber(name, Math.Round(time.TotalSeconds, 6));
}
