using System.Globalization;

namespace Octavo.Training.Runs;

/// <summary>
/// Tells one process from every other, also from a later one with the same id: the boot and the id space that it lives in, and when it
/// started, in the kernel's ticks since that boot.
/// </summary>
/// <param name="Space">Machine, boot and id space; processes of two spaces cannot see each other.</param>
/// <param name="ProcessId">The id in that space.</param>
/// <param name="Start">Ticks; null where the system does not tell.</param>
internal sealed record ProcessMark(string Space, int ProcessId, long? Start)
{
    private const string BootFile = "/proc/sys/kernel/random/boot_id";

    private static readonly TimeSpan _longestSilence = TimeSpan.FromSeconds(60);

    /// <summary>The mark of this process.</summary>
    public static ProcessMark OfThis() => new(SpaceOfThis(), Environment.ProcessId, StartOf(Environment.ProcessId));

    /// <summary>
    /// Whether the process still runs. One of another machine or container is believed as long as its last sign of life is fresh.
    /// </summary>
    /// <param name="heartbeat">Its last sign of life.</param>
    /// <param name="now">The present.</param>
    public bool IsAlive(DateTimeOffset heartbeat, DateTimeOffset now) =>
        Start is { } start && Space == SpaceOfThis() ? StartOf(ProcessId) == start : now - heartbeat < _longestSilence;

    private static string SpaceOfThis()
    {
        if (!File.Exists(BootFile))
            return Environment.MachineName;
        var ids = new FileInfo("/proc/self/ns/pid").LinkTarget;
        return $"{Environment.MachineName} {File.ReadAllText(BootFile).Trim()} {ids}";
    }

    private static long? StartOf(int id)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            // the name in parentheses may hold anything, so fields are counted behind it: state is the first, start time the twentieth
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
