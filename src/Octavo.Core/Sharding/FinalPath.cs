namespace Octavo.Core.Sharding;

/// <summary>Where a path leads once every symbolic link on the way is followed.</summary>
public static class FinalPath
{
    private const int MaxLinks = 40;

    /// <summary>The path without links; parts that do not exist stay as they are.</summary>
    /// <param name="path">Any path.</param>
    /// <exception cref="CheckpointException">The links go round in a circle or cannot be read.</exception>
    public static string Of(string path)
    {
        var full = Path.GetFullPath(path);
        try
        {
            for (var links = 0; links <= MaxLinks; links++)
            {
                if (FollowFirstLink(full) is not { } next)
                    return full;
                full = next;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path}: where it leads cannot be found out: {error.Message}", error);
        }
        throw new CheckpointException($"{path}: more than {MaxLinks} symbolic links lead to it. Link to the file directly.");
    }

    /// <summary>Whether <paramref name="path"/> lies in <paramref name="folder"/>; both without links.</summary>
    /// <param name="path">A path.</param>
    /// <param name="folder">A folder's path.</param>
    public static bool IsInside(string path, string folder) =>
        path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string? FollowFirstLink(string full)
    {
        var root = Path.GetPathRoot(full)!;
        var segments = full[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        var walked = root;
        for (var i = 0; i < segments.Length; i++)
        {
            var here = Path.Combine(walked, segments[i]);
            if (new FileInfo(here).LinkTarget is { } target)
                return Path.GetFullPath(Path.Combine([walked, target, .. segments[(i + 1)..]]));
            walked = here;
        }
        return null;
    }
}
