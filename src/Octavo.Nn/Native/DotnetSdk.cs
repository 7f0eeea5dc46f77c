using Octavo.Core;

namespace Octavo.Nn.Native;

/// <summary>Finds the SDK that restores packages.</summary>
internal static class DotnetSdk
{
    private const int OldestMajor = 10;

    /// <summary>The <c>dotnet</c> program of an SDK that is new enough.</summary>
    /// <exception cref="ResourceException">There is none.</exception>
    public static string Find() =>
        Candidates().FirstOrDefault(HasSdk) ?? throw new ResourceException(
            "libtorch is not here yet, and fetching it needs the .NET SDK 10, which was not found. Install the SDK (./setup in a checkout of "
            + "Octavo does it), or set OCTAVO_LIBTORCH to a folder with libtorch " + Pinned.Libtorch + ".");

    private static IEnumerable<string> Candidates()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string?[] folders =
        [
            Path.GetDirectoryName(Environment.ProcessPath), Environment.GetEnvironmentVariable("DOTNET_ROOT"),
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
            Path.Combine(home, ".dotnet"), "/usr/share/dotnet", "/usr/lib/dotnet", "/usr/local/share/dotnet",
        ];
        return folders.Where(folder => !string.IsNullOrEmpty(folder)).Select(folder => Path.Combine(folder!, "dotnet")).Where(File.Exists);
    }

    private static bool HasSdk(string dotnet)
    {
        // PATH often holds a link into the folder that has the SDKs.
        var real = File.ResolveLinkTarget(dotnet, returnFinalTarget: true)?.FullName ?? dotnet;
        var folder = Path.Combine(Path.GetDirectoryName(real)!, "sdk");
        return Directory.Exists(folder)
            && Directory.EnumerateDirectories(folder).Any(path => int.TryParse(Path.GetFileName(path).Split('.')[0], out var major) && major >= OldestMajor);
    }
}
