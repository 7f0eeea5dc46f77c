using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Octavo.Core;

namespace Octavo.Bench.Peers;

/// <summary>What a program printed, how long it took from start to exit, and the most memory it held: the kernel's high-water mark of
/// resident memory, mapped files included.</summary>
internal sealed record ChildRun(int ExitCode, string Output, string Error, double Seconds, long PeakBytes)
{
    private const int PollMilliseconds = 25;

    /// <summary>Runs a program to its end, or kills it after some seconds. It inherits the environment.</summary>
    /// <exception cref="ConfigException">It cannot be started.</exception>
    public static ChildRun Start(string program, IReadOnlyList<string> arguments, double limit = double.PositiveInfinity)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false,
        };
        var started = Stopwatch.GetTimestamp();
        using var process = Launch(start);
        // a race that is ended must not leave a peer that keeps computing
        void End(object? sender, EventArgs e) => process.Kill(entireProcessTree: true);
        AppDomain.CurrentDomain.ProcessExit += End;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        long peak = 0;
        do
        {
            peak = Math.Max(peak, PeakOf(process.Id));
            if (Stopwatch.GetElapsedTime(started).TotalSeconds > limit)
                process.Kill(entireProcessTree: true);
        }
        while (!process.WaitForExit(PollMilliseconds));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        process.WaitForExit();
        AppDomain.CurrentDomain.ProcessExit -= End;
        return new(process.ExitCode, output.Result, error.Result, seconds, peak);
    }

    /// <summary>The last lines of what it said, for messages.</summary>
    public string Said => string.Join(" | ", (Error + "\n" + Output).Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(4));

    private static Process Launch(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new ConfigException($"{start.FileName}: cannot be started: {error.Message}", error);
        }
    }

    // the mark never falls, so the last look before the exit is the peak; a process that is gone has none
    private static long PeakOf(int id)
    {
        try
        {
            var line = File.ReadLines($"/proc/{id}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.AsSpan(6).Trim().TrimEnd(" kB"), CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
