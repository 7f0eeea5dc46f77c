using Octavo.Core;

namespace Octavo.Training.Runs;

/// <summary>Finds runs in folders.</summary>
internal static class RunFolders
{
    /// <summary>Where runs lie by default.</summary>
    public const string Default = "runs";

    private const int Levels = 3;

    /// <summary>Makes a run's folder where it is not there.</summary>
    /// <exception cref="ConfigException">It cannot be made.</exception>
    public static void Make(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"{folder}: the folder cannot be made: {error.Message}", error);
        }
    }

    /// <summary>Folders of runs in and below a folder, in the order of their names.</summary>
    public static IReadOnlyList<string> Find(string folder)
    {
        List<string> found = [];
        Find(folder, Levels, found);
        return found;
    }

    /// <summary>The folder of a run that somebody named.</summary>
    /// <param name="name">A folder, a folder's name below <paramref name="folder"/>, an id, the beginning of one, or a run's name.</param>
    /// <param name="folder">Where runs lie.</param>
    /// <exception cref="InputFileException">There is none, or several are meant.</exception>
    public static string Resolve(string name, string folder)
    {
        foreach (var path in new[] { name, Path.Combine(folder, name) })
        {
            if (Directory.Exists(path))
                return path;
            if (Path.GetFileName(path) == RunDatabase.FileName && File.Exists(path))
                return Path.GetDirectoryName(Path.GetFullPath(path))!;
        }
        var headers = Directory.Exists(folder) ? Find(folder).Select(HeaderOf).OfType<RunHeader>().ToList() : [];
        foreach (var isMeant in (Func<RunHeader, bool>[])
        [
            header => header.Id == name,
            header => header.Id.StartsWith(name, StringComparison.Ordinal),
            header => header.Info.Name == name,
        ])
        {
            var meant = headers.Where(isMeant).ToList();
            if (meant.Count == 1)
                return meant[0].Folder;
            if (meant.Count > 1)
                throw new InputFileException($"'{name}' may be any of {string.Join(", ", meant.Select(header => header.Folder))}; give a folder.");
        }
        throw new InputFileException(
            $"{name}: there is no such run, neither as a folder nor below {folder}. `octavo runs` lists those that are there.");
    }

    private static RunHeader? HeaderOf(string folder)
    {
        try
        {
            using var run = new RunReader(folder);
            return run.Header;
        }
        catch (InputFileException)
        {
            return null; // a broken neighbour does not hide the run that was asked for
        }
    }

    private static void Find(string folder, int levels, List<string> found)
    {
        if (RunDatabase.IsIn(folder))
        {
            found.Add(folder);
            return; // what lies in a run are its checkpoints
        }
        if (levels == 0)
            return;
        var options = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (var child in Directory.EnumerateDirectories(folder, "*", options).Order(StringComparer.Ordinal))
            Find(child, levels - 1, found);
    }
}
