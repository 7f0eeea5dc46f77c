using System.Runtime.InteropServices;
using Octavo.Core;

namespace Octavo.Nn.Native;

/// <summary>The C++ library that this process has, and the versions that it defines.</summary>
internal static class StandardLibrary
{
    public const string Name = "libstdc++.so.6";

    /// <summary>The file that the dynamic linker takes here, by search path or <c>LD_LIBRARY_PATH</c>.</summary>
    /// <exception cref="UnsupportedException">There is none.</exception>
    public static string Find()
    {
        if (LoadedLibraries.PathOf(Name) is { } path)
            return path;
        if (NativeLibrary.TryLoad(Name, out _) && LoadedLibraries.PathOf(Name) is { } loaded)
            return loaded;
        throw new UnsupportedException($"{Name} was not found; libtorch needs it. Install the C++ library (on Debian: apt-get install libstdc++6).");
    }

    /// <summary>The versions of its symbols, such as <c>GLIBCXX_3.4.30</c>.</summary>
    public static IReadOnlyList<string> Versions(string path) => ElfVersions.Definitions(File.ReadAllBytes(path), path);

    /// <summary>The newest <c>GLIBCXX</c> version among <paramref name="versions"/>, for people.</summary>
    public static string Newest(IEnumerable<string> versions)
    {
        const string prefix = "GLIBCXX_";
        var newest = versions
            .Select(version => version.StartsWith(prefix, StringComparison.Ordinal) && Version.TryParse(version[prefix.Length..], out var parsed) ? parsed : null)
            .Max();
        return newest is null ? "no GLIBCXX version" : prefix + newest;
    }

    /// <summary>Whether the wrapper must be told not to insist on the version that it does not use.</summary>
    /// <param name="needs">What the wrapper needs.</param>
    /// <param name="defined">The versions that the system's library defines.</param>
    /// <exception cref="UnsupportedException">Versions are missing that the wrapper does use.</exception>
    public static bool NeedsFix(IEnumerable<VersionNeed> needs, IReadOnlyCollection<string> defined)
    {
        var missing = needs.Where(need => need.Library == Name && !defined.Contains(need.Version)).Select(need => need.Version).ToArray();
        var used = missing.Where(version => version != Pinned.UnusedVersion).ToArray();
        if (used.Length > 0)
        {
            throw new UnsupportedException(
                $"This system's {Name} is too old for libtorch {Pinned.Libtorch}: it has {Newest(defined)} and lacks {string.Join(", ", used)}. "
                + "Use a newer system (Debian 12, Ubuntu 22.04 or later), or put a newer libstdc++ first in LD_LIBRARY_PATH.");
        }
        return missing.Length > 0;
    }
}
