namespace Octavo.Core.Tensors;

/// <summary>
/// A file that is written aside, as <c>PATH.incomplete</c>, and takes its name only when it is whole. Disposed before that, it leaves nothing.
/// </summary>
internal sealed class IncompleteFile : IDisposable
{
    private readonly string _path;
    private readonly string _aside;
    private FileStream? _stream;
    private bool _isKept;

    /// <summary>Begins the file.</summary>
    /// <exception cref="ConfigException">The place cannot be written to.</exception>
    /// <exception cref="ResourceException">The disk fails.</exception>
    public IncompleteFile(string path)
    {
        (_path, _aside) = (path, path + ".incomplete");
        Run(() => _stream = new FileStream(_aside, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0));
    }

    /// <summary>Writes with <paramref name="write"/> and brings all to the disk.</summary>
    /// <exception cref="ResourceException">The disk is full or fails.</exception>
    public void Write(Action<Stream> write) => Run(() =>
    {
        using var stream = _stream!;
        write(stream);
        stream.Flush(flushToDisk: true);
    });

    /// <summary>Gives the file its name.</summary>
    /// <param name="overwrite">True replaces a file that is there.</param>
    public void Keep(bool overwrite)
    {
        Run(() => File.Move(_aside, _path, overwrite));
        _isKept = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isKept)
            return;
        _stream?.Dispose();
        try
        {
            if (_stream is not null)
                File.Delete(_aside);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The failure that left it is already on its way to the caller.
        }
    }

    private void Run(Action step)
    {
        try
        {
            step();
        }
        catch (Exception error) when (error is UnauthorizedAccessException or DirectoryNotFoundException or NotSupportedException)
        {
            throw new ConfigException($"{_path}: the file cannot be written: {error.Message}", error);
        }
        catch (IOException error)
        {
            throw new ResourceException($"{_path}: writing stopped: {error.Message} Nothing was kept.", error);
        }
    }
}
