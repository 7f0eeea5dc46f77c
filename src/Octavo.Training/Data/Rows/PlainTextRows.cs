using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Win32.SafeHandles;
using Octavo.Core;

namespace Octavo.Training.Data.Rows;

/// <summary>A file of plain text: one document, as a row with the column <c>text</c>.</summary>
internal sealed class PlainTextRows : RowSource
{
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SafeFileHandle _file;
    private readonly byte[] _row;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputFileException">It is empty, too long or no UTF-8.</exception>
    public PlainTextRows(string path, SafeFileHandle file) : base(path)
    {
        _file = file;
        var length = RandomAccess.GetLength(file);
        // what a text grows by as JSON must leave the row within the limit
        if (length is 0 or > MostRowBytes / 8)
            throw new InputFileException(
                $"the text has {length} bytes; 1 to {MostRowBytes / 8} are read as one document. "
                + "Cut it into several, or make JSONL of it.");
        var text = new byte[length];
        FileBytes.ReadExactly(file, text, 0, path);
        var content = text.AsSpan().StartsWith("\uFEFF"u8) ? text.AsSpan(3) : text;
        if (!Utf8.IsValid(content))
            throw new InputFileException("the text is not valid UTF-8. Save it as UTF-8.");
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, _options))
        {
            json.WriteStartObject();
            json.WriteString("text", content);
            json.WriteEndObject();
        }
        _row = buffer.ToArray();
    }

    /// <inheritdoc/>
    public override string Unit => "document";

    /// <inheritdoc/>
    public override int Count => 1;

    /// <inheritdoc/>
    public override long NumberOf(int index) => 1;

    /// <inheritdoc/>
    public override void Dispose() => _file.Dispose();

    /// <inheritdoc/>
    protected override long SizeOf(int index) => _row.Length;

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte> ReadBytes(int index, int most) => _row.AsMemory(0, Math.Min(most, _row.Length));
}
