using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Octavo.Cli.Bench;

/// <summary>What the system tells about itself and this process.</summary>
internal static class Machine
{
    /// <summary>Runnable processes, averaged over the last minute; null where the system does not tell.</summary>
    public static double? LoadAverage()
    {
        const string Path = "/proc/loadavg";
        return File.Exists(Path) && double.TryParse(File.ReadAllText(Path).Split(' ')[0], CultureInfo.InvariantCulture, out var load) ? load : null;
    }

    /// <summary>The most memory that this process had resident so far.</summary>
    public static long PeakResidentBytes()
    {
        using var self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64;
    }

    /// <summary>The processor's name and how many of them the process may use.</summary>
    public static (string Name, int Count) Processor() => (ProcessorName.Read() ?? RuntimeInformation.ProcessArchitecture.ToString(), Environment.ProcessorCount);
}
