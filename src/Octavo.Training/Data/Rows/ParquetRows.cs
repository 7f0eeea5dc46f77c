using Microsoft.Win32.SafeHandles;
using Octavo.Core;
using Parquet;

namespace Octavo.Training.Data.Rows;

/// <summary>
/// A Parquet file. Its row groups are decoded once, one after the other, into a temporary file, because rows are read in any
/// order and a row group can be decoded only whole. The temporary file goes away with this object.
/// </summary>
internal sealed class ParquetRows : RowSource
{
    private const long MostGroupRows = 20_000_000;

    private readonly SafeFileHandle _file;
    private readonly List<long> _starts = [];
    private readonly FileStream _spool;

    /// <summary>Opens a file and decodes it.</summary>
    /// <exception cref="InputFileException">The file is cut off or broken.</exception>
    /// <exception cref="ResourceException">The rows do not fit on the disk of temporary files.</exception>
    public ParquetRows(string path, SafeFileHandle file, IProgress<long>? progress, CancellationToken cancellationToken) : base(path)
    {
        _file = file;
        var temporary = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"octavo-{Guid.NewGuid():N}.jsonl");
        _spool = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose,
            BufferSize = 1 << 20,
        });
        try
        {
            Decode(progress, cancellationToken);
        }
        catch
        {
            _spool.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override string Unit => "row";

    /// <inheritdoc/>
    public override int Count => _starts.Count - 1;

    /// <inheritdoc/>
    public override long NumberOf(int index) => index + 1;

    /// <inheritdoc/>
    public override void Dispose()
    {
        _spool.Dispose();
        _file.Dispose();
    }

    /// <inheritdoc/>
    protected override long SizeOf(int index) => _starts[index + 1] - _starts[index];

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte> ReadBytes(int index, int most)
    {
        var bytes = new byte[Math.Min(SizeOf(index), most)];
        FileBytes.ReadExactly(_spool.SafeFileHandle, bytes, _starts[index], Path);
        return bytes;
    }

    private void Decode(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        try
        {
            using var stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var reader = ParquetReader.CreateAsync(stream, leaveStreamOpen: true, cancellationToken: cancellationToken).GetAwaiter().GetResult();
            _starts.Add(0);
            for (var group = 0; group < reader.RowGroupCount; group++)
            {
                using var rows = reader.OpenRowGroupReader(group);
                if (rows.RowCount is < 0 or > MostGroupRows)
                    throw new InputFileException($"{Path}: row group {group + 1} claims {rows.RowCount} rows; at most {MostGroupRows} are read.");
                new ParquetGroup(reader.Schema, rows, cancellationToken).WriteTo(_spool, _starts);
                progress?.Report(RandomAccess.GetLength(_file) * (group + 1) / reader.RowGroupCount);
            }
            Flush();
        }
        // the decoder is another project's and throws whatever it runs into where bytes are missing or wrong
        catch (Exception error) when (error is not (OctavoException or OperationCanceledException or OutOfMemoryException))
        {
            throw new InputFileException($"{Path} is cut off or broken after row {Math.Max(0, Count)}: {error.Message} Get it again.", error);
        }
    }

    private void Flush()
    {
        try
        {
            _spool.Flush();
        }
        catch (IOException error)
        {
            throw ParquetGroup.NoSpace(error);
        }
    }
}
