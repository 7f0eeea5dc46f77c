using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Octavo.Core;

namespace Octavo.Training.Data.Rows;

/// <summary>The rows of a data file, read one at a time and in any order. Safe to read from several threads.</summary>
/// <param name="path">The file.</param>
internal abstract class RowSource(string path) : IDisposable
{
    /// <summary>The longest row that is read, in bytes.</summary>
    public const int MostRowBytes = 64 << 20;

    private const int ExcerptLength = 120;

    private static readonly JsonDocumentOptions _options = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>What a row's number counts: <c>line</c> or <c>row</c>.</summary>
    public abstract string Unit { get; }

    /// <summary>How many rows there are.</summary>
    public abstract int Count { get; }

    /// <summary>Tells this file from a changed one: its length, its rows and samples of its bytes.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>The number of a row for people, from 1.</summary>
    /// <param name="index">From 0.</param>
    public abstract long NumberOf(int index);

    /// <summary>Where a row is, for people.</summary>
    public string PlaceOf(int index) => $"{Path}, {Unit} {NumberOf(index)}";

    /// <summary>Reads a row.</summary>
    /// <param name="index">From 0.</param>
    /// <exception cref="RowException">The row is no UTF-8 or no JSON object.</exception>
    public DataRow Read(int index)
    {
        var bytes = ReadChecked(index);
        if (!Utf8.IsValid(bytes.Span))
            throw new RowException(RowProblem.InvalidUtf8, $"byte {FirstInvalid(bytes.Span) + 1} of the row is no UTF-8. Save the file as UTF-8.");
        try
        {
            var value = JsonElement.Parse(bytes.Span, _options);
            if (value.ValueKind != JsonValueKind.Object)
                throw new RowException(RowProblem.InvalidJson, $"the row is {NameOf(value.ValueKind)}, not an object with columns.");
            return new DataRow(NumberOf(index), value);
        }
        catch (JsonException error)
        {
            throw new RowException(RowProblem.InvalidJson, $"not valid JSON: {Cause(error)}", Around(bytes.Span, error), error);
        }
    }

    /// <summary>The beginning of a row, on one line, for people.</summary>
    public string Excerpt(int index)
    {
        try
        {
            var bytes = ReadBytes(index, ExcerptLength * 4).Span;
            return OneLine(Encoding.UTF8.GetString(bytes));
        }
        catch (OctavoException)
        {
            return "";
        }
    }

    /// <summary>A text as one short line.</summary>
    public static string OneLine(string text)
    {
        var line = string.Concat(text.Take(ExcerptLength + 1).Select(unit => char.IsControl(unit) || char.IsSurrogate(unit) ? ' ' : unit));
        return line.Length > ExcerptLength ? line[..ExcerptLength] + "…" : line;
    }

    /// <summary>The kind of a JSON value in words.</summary>
    public static string NameOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        JsonValueKind.Undefined => "missing",
        _ => "true or false",
    };

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>How many bytes a row has.</summary>
    protected abstract long SizeOf(int index);

    /// <summary>At most <paramref name="most"/> bytes of a row.</summary>
    protected abstract ReadOnlyMemory<byte> ReadBytes(int index, int most);

    private ReadOnlyMemory<byte> ReadChecked(int index)
    {
        var size = SizeOf(index);
        return size > MostRowBytes
            ? throw new RowException(RowProblem.InvalidJson, $"the row has {size} bytes; at most {MostRowBytes} are read.")
            : ReadBytes(index, (int)size);
    }

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            if (Rune.DecodeFromUtf8(bytes[at..], out _, out var taken) != System.Buffers.OperationStatus.Done)
                return at;
            at += taken;
        }
        return bytes.Length;
    }

    // the parser's own words without its place, which counts bytes from a line of its own
    private static string Cause(JsonException error)
    {
        var end = error.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? error.Message : error.Message[..end]) + $" (byte {(error.BytePositionInLine ?? 0) + 1})";
    }

    private static string? Around(ReadOnlySpan<byte> bytes, JsonException error)
    {
        if (error.BytePositionInLine is not { } place || error.LineNumber is not 0)
            return null;
        var at = (int)Math.Min(place, bytes.Length);
        var start = Math.Max(0, at - (ExcerptLength / 2));
        return (start > 0 ? "…" : "") + OneLine(Encoding.UTF8.GetString(bytes[start..Math.Min(bytes.Length, start + ExcerptLength)]));
    }
}
