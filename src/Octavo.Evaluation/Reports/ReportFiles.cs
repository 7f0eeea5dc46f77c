using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Octavo.Core;
using Octavo.Core.Store;

namespace Octavo.Evaluation.Reports;

/// <summary>Writes the files that a report is made of, each aside and then renamed.</summary>
internal static class ReportFiles
{
    private static readonly JsonWriterOptions _indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Keeps a text.</summary>
    /// <exception cref="ConfigException">The place cannot be written to.</exception>
    /// <exception cref="ResourceException">The disk is full or fails.</exception>
    public static void Keep(string path, string text) => Keep(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Keeps one JSON object over several lines, and a line end.</summary>
    /// <param name="path">The file.</param>
    /// <param name="members">Writes what is in the object.</param>
    /// <exception cref="ConfigException">The place cannot be written to.</exception>
    /// <exception cref="ResourceException">The disk is full or fails.</exception>
    public static void KeepJson(string path, Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, _indented))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        Keep(path, buffer.WrittenSpan.ToArray());
    }

    private static void Keep(string path, byte[] bytes)
    {
        using var file = new IncompleteFile(path);
        file.Write(stream => stream.Write(bytes));
        file.Keep(overwrite: true);
    }
}
