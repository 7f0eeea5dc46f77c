using Octavo.Core.Sharding;

namespace Octavo.Core.Store;

/// <summary>
/// A file that is written aside, as <c>PATH.incomplete</c>, and takes its name only when it is whole. Disposed before that, it leaves nothing. A
/// link is followed: its target is replaced, and it stays a link. For one thread.
/// </summary>
public sealed class IncompleteFile : IDisposable
{
    private static readonly string[] _systems = ["/dev/", "/proc/", "/sys/"];

    private readonly string _path;
    private readonly string _aside;
    private FileStream? _stream;
    private bool _isKept;

    /// <summary>Begins the file.</summary>
    /// <param name="path">The file to make.</param>
    /// <exception cref="ConfigException">The place cannot be written to, or is a device.</exception>
    /// <exception cref="ResourceException">The disk fails.</exception>
    public IncompleteFile(string path)
    {
        _path = PlaceOf(path);
        _aside = _path + ".incomplete";
        Run(() => _stream = new FileStream(_aside, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0));
    }

    /// <summary>Where a file of this path will lie.</summary>
    /// <param name="path">The path.</param>
    /// <exception cref="ConfigException">It leads to a place of the system, such as a device, which renaming would replace.</exception>
    public static string PlaceOf(string path)
    {
        var place = FinalPath.Of(path);
        if (_systems.Any(folder => place.StartsWith(folder, StringComparison.Ordinal)))
            throw new ConfigException($"{path}: a place of the system, not for files. Give a file's path.");
        return place;
    }

    /// <summary>Writes with <paramref name="write"/> and brings all to the disk.</summary>
    /// <param name="write">Writes everything; called once.</param>
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

    private void Run(Action step) =>
        WritingErrors.Guard(_path, "the file cannot be written", "writing stopped", "Nothing was kept.", step);
}
