namespace Octavo.Nn.Native;

/// <summary>The native libraries that are mapped into this process (<c>/proc/self/maps</c>).</summary>
internal static class LoadedLibraries
{
    /// <summary>The path of the mapped library of that file name or of a versioned file behind it; null where none is mapped.</summary>
    public static string? PathOf(string name) => Find(file => file == name || file.StartsWith(name + ".", StringComparison.Ordinal));

    /// <summary>The path of the first mapped library whose file name begins so; null where there is none.</summary>
    public static string? PathOfStart(string start) => Find(file => file.StartsWith(start, StringComparison.Ordinal));

    private static string? Find(Func<string, bool> isMeant)
    {
        foreach (var line in File.ReadLines("/proc/self/maps"))
        {
            var slash = line.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0)
                continue;
            var path = line[slash..];
            if (isMeant(Path.GetFileName(path)))
                return path;
        }
        return null;
    }
}
