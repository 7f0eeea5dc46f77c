namespace Octavo.Nn.Native;

/// <summary>The native libraries that are mapped into this process (<c>/proc/self/maps</c>).</summary>
internal static class LoadedLibraries
{
    /// <summary>The path of the mapped library of that file name or of a versioned file behind it; null where none is mapped.</summary>
    public static string? PathOf(string name)
    {
        foreach (var line in File.ReadLines("/proc/self/maps"))
        {
            var slash = line.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0)
                continue;
            var path = line[slash..];
            var file = Path.GetFileName(path);
            if (file == name || file.StartsWith(name + ".", StringComparison.Ordinal))
                return path;
        }
        return null;
    }
}
