using System.Globalization;

namespace Octavo.Cli.Estimate;

/// <summary>The memory that this machine has left for a program.</summary>
internal static class FreeMemory
{
    private const string Information = "/proc/meminfo";

    /// <summary>Bytes that a new process may take before others are pushed out, within the limit of a container.</summary>
    public static long Read()
    {
        var runtime = GC.GetGCMemoryInfo();
        var limit = runtime.TotalAvailableMemoryBytes;
        var free = File.Exists(Information) ? Parse(File.ReadLines(Information)) : null;
        return Math.Min(limit, free ?? Math.Max(0, limit - runtime.MemoryLoadBytes));
    }

    /// <summary>What the kernel calls available, in bytes.</summary>
    internal static long? Parse(IEnumerable<string> lines)
    {
        var line = lines.FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal));
        return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, ..]
            && long.TryParse(kilobytes, CultureInfo.InvariantCulture, out var number) ? number * 1024 : null;
    }
}
