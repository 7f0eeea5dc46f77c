using Microsoft.Win32.SafeHandles;
using Octavo.Core;

namespace Octavo.Training.Data.Rows;

/// <summary>Opens data files of all kinds.</summary>
internal static class RowFile
{
    /// <summary>Opens a file by its ending, or by its first bytes where the ending says nothing.</summary>
    /// <param name="path">JSONL, a JSON array, Parquet, or a plain text (.txt, .md), which is one document.</param>
    /// <param name="progress">Takes bytes, as far as the file is read.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="InputFileException">The file cannot be read, is empty or is none of these.</exception>
    /// <exception cref="ResourceException">A Parquet file's rows do not fit on the disk for temporary files.</exception>
    public static RowSource Open(string path, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        if (Directory.Exists(path))
            throw new InputFileException($"{path} is a folder. Name the data file in it.");
        var file = FileBytes.Open(path);
        RowSource? rows = null;
        try
        {
            var fingerprint = FileBytes.Fingerprint(file, path);
            rows = KindOf(file, path) switch
            {
                FileKind.Parquet => new ParquetRows(path, file, progress, cancellationToken) { Fingerprint = fingerprint },
                FileKind.Text => new PlainTextRows(path, file) { Fingerprint = fingerprint },
                FileKind.Array => new JsonArrayRows(path, file, progress, cancellationToken) { Fingerprint = fingerprint },
                _ => new JsonlRows(path, file, progress, cancellationToken) { Fingerprint = fingerprint },
            };
            return rows.Count > 0 ? rows : throw new InputFileException("it has no rows. Check how it was made.");
        }
        catch (InputFileException error) when (!error.Message.StartsWith(path, StringComparison.Ordinal))
        {
            Close(rows, file);
            throw new InputFileException($"{path}: {error.Message}", error);
        }
        catch
        {
            Close(rows, file);
            throw;
        }
    }

    private static void Close(RowSource? rows, SafeFileHandle file)
    {
        rows?.Dispose();
        file.Dispose();
    }

    private static FileKind KindOf(SafeFileHandle file, string path)
    {
        var start = new byte[Math.Min(RandomAccess.GetLength(file), 256)];
        FileBytes.ReadExactly(file, start, 0, path);
        if (start.AsSpan().StartsWith("PAR1"u8))
            return FileKind.Parquet;
        var ending = System.IO.Path.GetExtension(path).ToLowerInvariant();
        switch (ending)
        {
            case ".parquet": throw new InputFileException($"{path} is no Parquet file: it does not begin with PAR1. Get it again.");
            case ".jsonl" or ".ndjson": return FileKind.Lines;
            case ".txt" or ".md": return FileKind.Text;
            case ".gz" or ".zst" or ".zip" or ".xz": throw new InputFileException($"{path} is compressed. Unpack it first.");
            case ".csv" or ".tsv": throw new InputFileException($"{path} is a table of texts. Give JSONL, a JSON array or Parquet.");
        }
        var text = start.AsSpan().StartsWith("\uFEFF"u8) ? start.AsSpan(3) : start;
        var first = text.IndexOfAnyExcept(" \t\r\n"u8);
        return first >= 0 && text[first] == (byte)'[' ? FileKind.Array : FileKind.Lines;
    }

    private enum FileKind
    {
        Lines,
        Array,
        Parquet,
        Text,
    }
}
