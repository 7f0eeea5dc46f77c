using System.Buffers.Binary;
using System.IO.Compression;

namespace Octavo.Core.Tokenizers.Training;

/// <summary>The files whose texts are learnt from, read one after another.</summary>
internal sealed class TrainingFiles
{
    private readonly List<(string Path, bool IsNamed)> _files = [];
    private readonly List<string> _left = [];
    private FileStream? _open;
    private long _done;

    /// <summary>Finds the files.</summary>
    /// <param name="paths">Files and folders; a folder stands for all files in and below it in the order of their names. Links in folders are not
    /// followed.</param>
    /// <exception cref="InputFileException">A path leads nowhere.</exception>
    public TrainingFiles(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            if (Directory.Exists(path))
                _files.AddRange(InFolder(path).Select(file => (file, false)));
            else if (File.Exists(path))
                _files.Add((path, true));
            else
                throw new InputFileException($"{path}: there is no such file or folder.");
        }
        foreach (var (path, _) in _files)
            TotalLength += new FileInfo(path).Length;
    }

    /// <summary>How many files there are.</summary>
    public int Count => _files.Count;

    /// <summary>Their lengths on disk, in bytes.</summary>
    public long TotalLength { get; }

    /// <summary>How much of that has been read.</summary>
    public long ReadLength => _done + (_open?.Position ?? 0);

    /// <summary>Files of folders that are no text or not to the end, and so were left out or left off; one sentence each.</summary>
    public IReadOnlyList<string> LeftOut => _left;

    /// <summary>Reads all files.</summary>
    /// <param name="blocks">Takes their texts.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InputFileException">A file that was named is broken or no text.</exception>
    public void Read(TextBlocks blocks, CancellationToken cancellationToken)
    {
        foreach (var (path, isNamed) in _files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                Read(path, blocks);
            }
            catch (InputFileException error) when (!isNamed)
            {
                _left.Add(error.Message);
            }
            _done += new FileInfo(path).Length;
        }
        blocks.Flush();
    }

    private void Read(string path, TextBlocks blocks)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            _open = file;
            var isPacked = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
            using var unpacked = isPacked ? new GZipStream(new BufferedStream(file, 1 << 16), CompressionMode.Decompress) : null;
            Stream stream = unpacked is null ? file : unpacked;
            var name = isPacked ? path[..^3] : path;
            var length = name.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase)
                ? JsonLines.Read(stream, path, blocks)
                : PlainText.Read(stream, path, blocks);
            if (isPacked)
                CheckEnd(file, path, length);
        }
        catch (InvalidDataException error)
        {
            throw new InputFileException($"{path}: broken gzip data: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputFileException($"{path}: cannot be read: {error.Message}", error);
        }
        finally
        {
            _open = null;
        }
    }

    // The runtime takes data that break off for data that end.
    private static void CheckEnd(FileStream file, string path, long length)
    {
        Span<byte> end = stackalloc byte[sizeof(uint)];
        if (file.Length >= end.Length)
        {
            file.Seek(-end.Length, SeekOrigin.End);
            file.ReadExactly(end);
        }
        if (BinaryPrimitives.ReadUInt32LittleEndian(end) != (uint)length)
        {
            throw new InputFileException(
                $"{path}: the gzip data break off, or are several packed files in one: {length} bytes come out, and their end names another number. " +
                "Fetch the file again, or pack it again in one go.");
        }
    }

    // An empty file has nothing to learn, and what looks empty may be a pipe that never ends.
    private static IEnumerable<string> InFolder(string folder)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };
        return Directory.EnumerateFiles(folder, "*", options).Where(file => new FileInfo(file).Length > 0).Order(StringComparer.Ordinal);
    }
}
