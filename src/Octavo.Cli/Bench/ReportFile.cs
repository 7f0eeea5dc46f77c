using Octavo.Core;

namespace Octavo.Cli.Bench;

/// <summary>Keeps a report: written aside and renamed, so that nobody ever reads half of it.</summary>
internal static class ReportFile
{
    /// <summary>Refuses what could not be written, before minutes are spent on measuring.</summary>
    /// <exception cref="ConfigException">The folder is not there, or the path is a folder.</exception>
    public static void Check(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (Directory.Exists(path))
            throw new ConfigException($"--out: {path} is a folder; give a file's path.");
        if (!Directory.Exists(folder))
            throw new ConfigException($"--out: the folder {folder} does not exist; make it first.");
    }

    /// <exception cref="InputFileException">The file cannot be written.</exception>
    public static void Write(string path, string text)
    {
        try
        {
            File.WriteAllText(path + ".incomplete", text + "\n");
            File.Move(path + ".incomplete", path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputFileException($"{path}: cannot be written: {error.Message}", error);
        }
    }
}
