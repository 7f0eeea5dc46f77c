using Octavo.Core;
using Octavo.Core.Sharding;

namespace Octavo.Cli.Output;

/// <summary>Keeps a text of the user's: written aside and renamed, so that nobody ever reads half of it.</summary>
internal static class TextFile
{
    private static readonly string[] _systems = ["/dev/", "/proc/", "/sys/"];

    /// <summary>Refuses what could not be written, before anything is computed.</summary>
    /// <param name="option">The option that the path was given with.</param>
    /// <param name="path">The path.</param>
    /// <exception cref="ConfigException">The folder is not there, or the path is a folder or a device.</exception>
    public static void Check(string option, string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (Directory.Exists(path))
            throw new ConfigException($"{option}: {path} is a folder; give a file's path.");
        if (!Directory.Exists(folder))
            throw new ConfigException($"{option}: the folder {folder} does not exist; make it first.");
        _ = Target(path);
    }

    /// <summary>Writes a text and a line end; a link is followed.</summary>
    /// <exception cref="ConfigException">The place cannot be written to, or is no file.</exception>
    /// <exception cref="ResourceException">The disk is full or fails.</exception>
    public static void Write(string path, string text)
    {
        var target = Target(path);
        var aside = $"{target}.{Guid.NewGuid():N}.incomplete";
        try
        {
            File.WriteAllText(aside, text + "\n");
            File.Move(aside, target, overwrite: true);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or DirectoryNotFoundException)
        {
            throw new ConfigException($"{path}: cannot be written: the folder is not there or may not be written to. Choose another place.", error);
        }
        catch (IOException error)
        {
            throw new ResourceException($"{path}: cannot be written: {error.Message} What was there is still there.", error);
        }
        finally
        {
            if (File.Exists(aside))
                File.Delete(aside);
        }
    }

    // renaming would put a file in the place of a link, or of a device
    private static string Target(string path)
    {
        var target = FinalPath.Of(path);
        if (_systems.Any(folder => target.StartsWith(folder, StringComparison.Ordinal)))
            throw new ConfigException($"{path}: a place of the system, not for files. Give a file's path.");
        return target;
    }
}
