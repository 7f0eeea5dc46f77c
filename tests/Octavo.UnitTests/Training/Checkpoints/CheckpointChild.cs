using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Octavo.Core;
using Octavo.Training.Checkpoints;
using Octavo.Training.Configuration;

namespace Octavo.UnitTests.Training.Checkpoints;

/// <summary>
/// This program started once more as a writer of checkpoints, to be killed or to fill a disk. The environment says so, so that no test runner is
/// involved.
/// </summary>
internal static class CheckpointChild
{
    /// <summary>Bytes of the largest file of each checkpoint.</summary>
    public const int Size = 300_000;

    private const string Variable = "OCTAVO_TEST_CHECKPOINTS";
    private const string UntilKilled = "until-killed:";
    private const string UntilFull = "until-full:";

    /// <summary>Starts a writer that goes on from the newest checkpoint and never ends by itself.</summary>
    public static Process StartUntilKilled(string folder) =>
        Start("dotnet", [typeof(CheckpointChild).Assembly.Location], UntilKilled + folder);

    /// <summary>Starts a writer on a new disk of so many bytes that exists for it alone.</summary>
    public static Process StartOnSmallDisk(string folder, int bytes) => Start(
        "unshare",
        [
            "-rm", "sh", "-c", $"mount -t tmpfs -o size={bytes.ToString(CultureInfo.InvariantCulture)} none \"$1\" && exec dotnet \"$0\"",
            typeof(CheckpointChild).Assembly.Location, folder,
        ],
        UntilFull + Path.Combine(folder, "run"));

    [ModuleInitializer]
    internal static void RunIfAsked()
    {
        var asked = Environment.GetEnvironmentVariable(Variable) ?? "";
        if (asked.StartsWith(UntilKilled, StringComparison.Ordinal))
            WriteUntilKilled(asked[UntilKilled.Length..]);
        if (asked.StartsWith(UntilFull, StringComparison.Ordinal))
            WriteUntilFull(asked[UntilFull.Length..]);
    }

    private static Process Start(string program, IEnumerable<string> args, string asked)
    {
        var start = new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[Variable] = asked;
        return Process.Start(start)!;
    }

    private static void WriteUntilKilled(string folder)
    {
        using var store = CheckpointStore.Open(folder, 2, Console.Error.WriteLine);
        Console.WriteLine("ready");
        for (var step = (store.ResumeFrom(ResumeChoice.Auto)?.Step ?? 0) + 1; ; step++)
        {
            store.Save(step, RunFiles.Parts(step, Size), isBest: step % 5 == 0);
            Console.WriteLine(step.ToString(CultureInfo.InvariantCulture));
        }
    }

    // The estimates are too low on purpose: the disk itself has to say that it is full.
    private static void WriteUntilFull(string folder)
    {
        var store = CheckpointStore.Open(folder, null, Console.WriteLine);
        for (var step = 1L; ; step++)
        {
            try
            {
                store.Save(step, [.. RunFiles.Parts(step, Size).Select(part => part with { EstimatedBytes = 0 })]);
            }
            catch (ResourceException error)
            {
                Console.WriteLine(error.Message);
                RunFiles.RequireWhole(store.ResumeFrom(ResumeChoice.Auto), Size);
                Console.WriteLine($"whole {store.Latest()!.Step} of {step}");
                Console.WriteLine(string.Join(' ', Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)));
                break;
            }
        }
        store.Dispose();
        Process.GetCurrentProcess().Kill();
    }
}
