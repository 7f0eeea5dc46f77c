using System.Text;
using Octavo.Core;
using Octavo.Core.Store;

namespace Octavo.Cli.Output;

/// <summary>Keeps a text of the user's: written aside and renamed, so that nobody ever reads half of it.</summary>
internal static class TextFile
{
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
        _ = IncompleteFile.PlaceOf(path);
    }

    /// <summary>Writes a text and a line end.</summary>
    /// <exception cref="ConfigException">The place cannot be written to, or is no file.</exception>
    /// <exception cref="ResourceException">The disk is full or fails.</exception>
    public static void Write(string path, string text)
    {
        using var file = new IncompleteFile(path);
        file.Write(stream => stream.Write(Encoding.UTF8.GetBytes(text + "\n")));
        file.Keep(overwrite: true);
    }
}
