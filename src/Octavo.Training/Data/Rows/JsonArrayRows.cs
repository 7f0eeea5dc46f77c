using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Octavo.Core;

namespace Octavo.Training.Data.Rows;

/// <summary>A file with one JSON array of objects. Read through once for where they begin and end; 16 bytes a row.</summary>
internal sealed class JsonArrayRows : RowSource
{
    private const int ChunkBytes = 1 << 20;

    private readonly SafeFileHandle _file;
    private readonly List<(long Start, long End)> _ranges = [];

    /// <summary>Opens a file.</summary>
    /// <exception cref="InputFileException">The file is no JSON array from its beginning to its end; the message says where.</exception>
    public JsonArrayRows(string path, SafeFileHandle file, IProgress<long>? progress, CancellationToken cancellationToken) : base(path)
    {
        _file = file;
        try
        {
            Index(progress, cancellationToken);
        }
        catch (JsonException error)
        {
            throw new InputFileException($"{path}: not a valid JSON array, after row {_ranges.Count}: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public override string Unit => "row";

    /// <inheritdoc/>
    public override int Count => _ranges.Count;

    /// <inheritdoc/>
    public override long NumberOf(int index) => index + 1;

    /// <inheritdoc/>
    public override void Dispose() => _file.Dispose();

    /// <inheritdoc/>
    protected override long SizeOf(int index) => _ranges[index].End - _ranges[index].Start;

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte> ReadBytes(int index, int most)
    {
        var bytes = new byte[Math.Min(SizeOf(index), most)];
        FileBytes.ReadExactly(_file, bytes, _ranges[index].Start, Path);
        return bytes;
    }

    // a buffer that grows only where one token does not go into it
    private void Index(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var length = RandomAccess.GetLength(_file);
        var buffer = new byte[ChunkBytes];
        var (filled, read, start) = (0, 0L, -1L);
        var state = new JsonReaderState(new JsonReaderOptions { MaxDepth = 64 });
        for (var isLast = false; !isLast;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (filled == buffer.Length)
                Array.Resize(ref buffer, Larger(buffer.Length));
            var take = (int)Math.Min(buffer.Length - filled, length - read);
            FileBytes.ReadExactly(_file, buffer.AsSpan(filled, take), read, Path);
            (filled, read) = (filled + take, read + take);
            isLast = read == length;
            var skip = read == filled && buffer.AsSpan(0, filled).StartsWith("\uFEFF"u8) ? 3 : 0;
            var reader = new Utf8JsonReader(buffer.AsSpan(skip, filled - skip), isLast, state);
            var base0 = read - filled + skip;
            while (reader.Read())
                Mark(ref reader, base0, ref start);
            state = reader.CurrentState;
            var consumed = skip + (int)reader.BytesConsumed;
            buffer.AsSpan(consumed, filled - consumed).CopyTo(buffer);
            filled -= consumed;
            progress?.Report(read);
        }
    }

    private void Mark(ref Utf8JsonReader reader, long offset, ref long start)
    {
        if (reader.CurrentDepth != 1 || reader.TokenType == JsonTokenType.PropertyName)
            return;
        var place = offset + reader.TokenStartIndex;
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                start = place;
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                _ranges.Add((start, offset + reader.BytesConsumed));
                break;
            default:
                _ranges.Add((place, offset + reader.BytesConsumed));
                break;
        }
    }

    private static int Larger(int size) => size < MostRowBytes
        ? size * 2
        : throw new InputFileException($"a text in it has more than {MostRowBytes} bytes.");
}
