using System.ComponentModel;
using System.Diagnostics;

namespace Octavo.Cli.Bench;

/// <summary>Which state of the sources was measured.</summary>
internal static class SourceCommit
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    /// <summary>What git says of the checkout that the program lies in, uncommitted changes included; else the version it was built with.</summary>
    public static string Read() => Path.Exists(Path.Combine(Installation.Root, ".git")) && Describe() is { Length: > 0 } text ? text : RootHelp.Version;

    private static string? Describe()
    {
        var start = new ProcessStartInfo("git", ["-C", Installation.Root, "describe", "--always", "--dirty", "--tags"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var git = Process.Start(start);
            if (git is null)
                return null;
            var text = git.StandardOutput.ReadToEndAsync();
            if (git.WaitForExit(_patience))
                return git.ExitCode == 0 ? text.GetAwaiter().GetResult().Trim() : null;
            git.Kill();
            return null;
        }
        catch (Win32Exception)
        {
            return null; // there is no git
        }
    }
}
