namespace Octavo.Core.Store;

/// <summary>
/// A folder that is written aside and takes its name only when it is whole. Disposed before that, it leaves no file. A link is followed: its
/// target is replaced, and it stays a link. For one thread.
/// </summary>
public sealed class IncompleteFolder : IDisposable
{
    private readonly string _path;
    private readonly string _place;

    /// <summary>Begins the folder, with those around it that are not there.</summary>
    /// <param name="path">The folder to make.</param>
    /// <exception cref="ConfigException">The place cannot be written to, is a file, or is one of the system's.</exception>
    /// <exception cref="ResourceException">The disk fails.</exception>
    public IncompleteFolder(string path)
    {
        (_path, _place) = (path, PlaceOf(path));
        if (File.Exists(_place))
            throw new ConfigException($"{path}: there is a file of that name. Choose another name for the folder.");
        // a name of this process alone, so that nothing of anybody else's is ever in the way or removed
        Aside = $"{_place}.{Guid.NewGuid():N}.incomplete";
        Run(() => Directory.CreateDirectory(Aside));
    }

    /// <summary>Where the folder is written until it is kept.</summary>
    public string Aside { get; }

    /// <summary>Where a folder of this path will lie.</summary>
    /// <param name="path">The path.</param>
    /// <exception cref="ConfigException">It leads to a place of the system.</exception>
    public static string PlaceOf(string path) => Path.TrimEndingDirectorySeparator(IncompleteFile.PlaceOf(path));

    /// <summary>Writes some of what belongs in it.</summary>
    /// <param name="write">Given <see cref="Aside"/>.</param>
    /// <exception cref="ConfigException">Something cannot be written.</exception>
    /// <exception cref="ResourceException">The disk is full or fails.</exception>
    public void Write(Action<string> write) => Run(() => write(Aside));

    /// <summary>Gives the folder its name. Whenever it ends, what was there or what is new is whole under one name.</summary>
    /// <param name="overwrite">True replaces a folder that is there; an empty one is replaced in any case.</param>
    /// <param name="tell">Told where what was replaced lies, if it cannot be removed; null makes an error of that.</param>
    /// <exception cref="ConfigException">Something is there, or the place cannot be written to.</exception>
    /// <exception cref="ResourceException">The disk fails.</exception>
    public void Keep(bool overwrite, Action<string>? tell = null)
    {
        if (!overwrite && Directory.Exists(_place) && Directory.EnumerateFileSystemEntries(_place).Any())
            throw new ConfigException($"{_path}: there is something already. Choose another place, or have it overwritten (--overwrite on the command line).");
        Run(() => Replace(tell));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            if (Directory.Exists(Aside))
                Directory.Delete(Aside, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The failure that left it is already on its way to the caller.
        }
    }

    private void Replace(Action<string>? tell)
    {
        if (!Directory.Exists(_place))
        {
            Directory.Move(Aside, _place);
            return;
        }
        var old = $"{_place}.{Guid.NewGuid():N}.replaced";
        Directory.Move(_place, old);
        try
        {
            Directory.Move(Aside, _place);
        }
        catch (Exception error)
        {
            try
            {
                Directory.Move(old, _place);
            }
            catch (Exception second) when (second is IOException or UnauthorizedAccessException)
            {
                throw new ResourceException($"{_path}: the new folder could not take its name: {error.Message} What was there lies in {old}.", error);
            }
            throw;
        }
        try
        {
            Directory.Delete(old, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            var left = $"{_path} is replaced, but what was there could not be removed: {error.Message} It lies in {old}.";
            if (tell is null)
                throw new ResourceException(left, error);
            tell(left);
        }
    }

    private void Run(Action step) => WritingErrors.Guard(
        _path, "the folder cannot be written", "it could not be written whole", "Nothing was kept; what was there is still there.", step);
}
