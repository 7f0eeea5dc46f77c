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
