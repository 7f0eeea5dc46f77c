using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Octavo.Core;

namespace Octavo.Nn.Native;

/// <summary>Fetches the two pinned packages with the SDK's own restore, which checks their hashes.</summary>
/// <param name="places">Where Octavo's native libraries lie.</param>
/// <param name="disk">Asked before anything is fetched.</param>
internal sealed class PackageRestore(Places places, FreeDisk disk)
{
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(250);

    /// <summary>Restores them.</summary>
    /// <param name="progress">Told how far the download and the unpacking are.</param>
    /// <param name="cancel">Stops it; nothing is left behind.</param>
    /// <returns>The folders with the native libraries of libtorch and of the wrapper.</returns>
    /// <exception cref="ResourceException">No network, no SDK, or too little disk.</exception>
    /// <exception cref="InputFileException">A package is not the pinned one.</exception>
    public (string Libtorch, string Wrapper) Run(Action<FetchProgress>? progress, CancellationToken cancel)
    {
        var packages = UserPackages();
        var isHere = Directory.Exists(Path.Combine(packages, Pinned.LibtorchPackage, Pinned.Libtorch, "runtimes"));
        if (!isHere)
            disk.Require(packages, Pinned.DownloadBytes + Pinned.UnpackedBytes, $"Fetching libtorch {Pinned.Libtorch}");
        var sdk = DotnetSdk.Find();
        var work = places.Aside("restore");
        Directory.CreateDirectory(work);
        try
        {
            foreach (var name in (ReadOnlySpan<string>)["native.csproj", "packages.lock.json"])
                WriteResource(name, Path.Combine(work, name));
            Restore(sdk, work, isHere ? null : progress, cancel);
            return ReadFolders(Path.Combine(work, "obj", "project.assets.json"));
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>Where the packages of this user are unpacked.</summary>
    public static string UserPackages() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static void WriteResource(string name, string path)
    {
        using var from = typeof(PackageRestore).Assembly.GetManifestResourceStream(name)!;
        using var to = File.Create(path);
        from.CopyTo(to);
    }

    private static void Restore(string sdk, string work, Action<FetchProgress>? progress, CancellationToken cancel)
    {
        var archives = Path.Combine(work, "archives");
        var start = new ProcessStartInfo(sdk)
        {
            WorkingDirectory = work,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var argument in (ReadOnlySpan<string>)["restore", "native.csproj", "--locked-mode", "-nodeReuse:false", "-v:quiet", "-tl:off"])
            start.ArgumentList.Add(argument);
        start.Environment["DOTNET_NOLOGO"] = start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        // A folder of its own shows how much has come, and does not keep the archive a second time.
        start.Environment["NUGET_HTTP_CACHE_PATH"] = archives;
        var said = new StringBuilder();
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Note(said, line.Data);
        process.ErrorDataReceived += (_, line) => Note(said, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
        while (!process.WaitForExit(_look))
        {
            if (cancel.IsCancellationRequested)
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
                cancel.ThrowIfCancellationRequested();
            }
            progress?.Invoke(Measure(archives));
        }
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw RestoreFailure.From(said.ToString());
    }

    private static void Note(StringBuilder said, string? line)
    {
        lock (said)
            said.AppendLine(line);
    }

    private static FetchProgress Measure(string archives)
    {
        var bytes = Directory.Exists(archives) ? FolderSize.Of(archives) : 0;
        return bytes < Pinned.DownloadBytes
            ? new FetchProgress("fetching libtorch", bytes, Pinned.DownloadBytes)
            : new FetchProgress("unpacking libtorch", 0, 0);
    }

    private static (string Libtorch, string Wrapper) ReadFolders(string assets)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(assets));
        var roots = document.RootElement.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name).ToArray();
        return (Find(Pinned.LibtorchPackage, Pinned.Libtorch), Find("torchsharp", Pinned.TorchSharp));

        string Find(string package, string version)
        {
            var inside = Path.Combine(package, version, "runtimes", Pinned.Platform, "native");
            return roots.Select(root => Path.Combine(root, inside)).FirstOrDefault(Directory.Exists)
                ?? throw new InputFileException($"The package {package} {version} has no folder {inside} in {string.Join(", ", roots)}.");
        }
    }
}
