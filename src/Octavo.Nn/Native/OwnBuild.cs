using System.Text.RegularExpressions;
using Octavo.Core;

namespace Octavo.Nn.Native;

/// <summary>A libtorch that the user named: a GPU build, or one that another program installed.</summary>
/// <param name="Folder">The folder with its libraries.</param>
/// <param name="Version">What it says of its version; null where it says nothing.</param>
internal sealed partial record OwnBuild(string Folder, string? Version)
{
    public const string Variable = "OCTAVO_LIBTORCH";

    private static readonly string[] _needed = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];

    /// <summary>The build that <see cref="Variable"/> names; null where it is not set.</summary>
    /// <exception cref="ConfigException">It is not a libtorch, or one of another version.</exception>
    public static OwnBuild? FromEnvironment() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? At(folder) : null;

    /// <summary>The build in a folder or in its <c>lib</c>.</summary>
    /// <exception cref="ConfigException">It is not a libtorch, or one of another version.</exception>
    public static OwnBuild At(string folder)
    {
        if (!Directory.Exists(folder))
            throw new ConfigException($"{Variable} names {folder}, which is no folder. Give the folder of a libtorch {Pinned.Libtorch}, or unset it.");
        var inner = Path.Combine(folder, "lib");
        var libraries = Path.GetFullPath(File.Exists(Path.Combine(inner, _needed[1])) ? inner : folder);
        var missing = _needed.Where(name => !File.Exists(Path.Combine(libraries, name))).ToArray();
        if (missing.Length > 0)
        {
            throw new ConfigException(
                $"{Variable} names {folder}, which is no libtorch: {string.Join(", ", missing)} not found there or in its lib/. "
                + $"Give the folder of a libtorch {Pinned.Libtorch} (the one that holds lib/libtorch_cpu.so), or unset it.");
        }
        var version = ReadVersion(Path.GetDirectoryName(libraries)!);
        if (version is not null && version.Split('+')[0] != Pinned.Libtorch)
        {
            throw new ConfigException(
                $"{Variable} names {folder}, which is libtorch {version}; the wrapper of TorchSharp {Pinned.TorchSharp} fits {Pinned.Libtorch} only "
                + "(any CPU or CUDA variant of it). Give one of that version, or unset it.");
        }
        return new OwnBuild(libraries, version);
    }

    /// <summary>The archive of libtorch has a file for it; an installed Python package has another.</summary>
    private static string? ReadVersion(string root)
    {
        var archive = Path.Combine(root, "build-version");
        if (File.Exists(archive))
            return File.ReadAllText(archive).Trim();
        var python = Path.Combine(root, "version.py");
        return File.Exists(python) && PythonVersion().Match(File.ReadAllText(python)) is { Success: true } match ? match.Groups[1].Value : null;
    }

    [GeneratedRegex("""^__version__ *= *['"]([^'"]+)['"]""", RegexOptions.Multiline)]
    private static partial Regex PythonVersion();
}
