namespace Octavo.Cli;

/// <summary>What the processor calls itself.</summary>
internal static class ProcessorName
{
    /// <summary>Null where the system does not tell.</summary>
    public static string? Read()
    {
        const string Path = "/proc/cpuinfo";
        if (!File.Exists(Path))
            return null;
        var line = File.ReadLines(Path).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
