using Microsoft.Win32.SafeHandles;
using Octavo.Core;

namespace Octavo.Training.Data.Rows;

/// <summary>A file with one JSON object a line. Blank lines, CRLF and a byte order mark are passed over.</summary>
internal sealed class JsonlRows : RowSource
{
    private readonly SafeFileHandle _file;
    private readonly LineIndex _index;

    /// <summary>Opens a file and reads it through once for where its lines begin.</summary>
    /// <exception cref="InputFileException">The file is not UTF-8 by its first bytes.</exception>
    public JsonlRows(string path, SafeFileHandle file, IProgress<long>? progress, CancellationToken cancellationToken) : base(path)
    {
        _file = file;
        _index = LineIndex.Build(file, progress, cancellationToken);
    }

    /// <inheritdoc/>
    public override string Unit => "line";

    /// <inheritdoc/>
    public override int Count => _index.Count;

    /// <inheritdoc/>
    public override long NumberOf(int index) => _index.LineOf(index);

    /// <inheritdoc/>
    public override void Dispose() => _file.Dispose();

    /// <inheritdoc/>
    protected override long SizeOf(int index)
    {
        var (start, end) = _index.Range(index);
        return end - start;
    }

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte> ReadBytes(int index, int most)
    {
        var (start, end) = _index.Range(index);
        var bytes = new byte[Math.Min(end - start, most)];
        FileBytes.ReadExactly(_file, bytes, start, Path);
        var line = bytes.AsSpan().IndexOf((byte)'\n');
        return bytes.AsMemory(0, line < 0 ? bytes.Length : line);
    }
}
