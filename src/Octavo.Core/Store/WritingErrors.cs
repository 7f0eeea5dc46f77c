namespace Octavo.Core.Store;

/// <summary>What a failure of the disk means to who writes a file or folder.</summary>
internal static class WritingErrors
{
    /// <summary>Runs a step of writing.</summary>
    /// <param name="path">The file or folder, as the user named it.</param>
    /// <param name="refused">Said where it may not be written.</param>
    /// <param name="stopped">Said where the disk is full or fails.</param>
    /// <param name="kept">What is left then.</param>
    /// <param name="step">The step.</param>
    /// <exception cref="ConfigException">It may not be written.</exception>
    /// <exception cref="ResourceException">The disk is full or fails.</exception>
    public static void Guard(string path, string refused, string stopped, string kept, Action step)
    {
        try
        {
            step();
        }
        catch (Exception error) when (error is UnauthorizedAccessException or DirectoryNotFoundException or NotSupportedException)
        {
            throw new ConfigException($"{path}: {refused}: {error.Message}", error);
        }
        catch (IOException error)
        {
            throw new ResourceException($"{path}: {stopped}: {error.Message} {kept}", error);
        }
    }
}
