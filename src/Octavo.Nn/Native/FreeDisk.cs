using System.Globalization;
using Octavo.Core;

namespace Octavo.Nn.Native;

/// <summary>Refuses work for which the disk has no room.</summary>
/// <param name="read">Free bytes of the disk of a folder that exists.</param>
internal sealed class FreeDisk(Func<string, long> read)
{
    public static FreeDisk OfSystem { get; } = new(static folder => new DriveInfo(folder).AvailableFreeSpace);

    /// <param name="folder">Where bytes will be written; it need not exist yet.</param>
    /// <param name="bytes">How many.</param>
    /// <param name="what">What they are for.</param>
    /// <exception cref="ResourceException">Fewer are free.</exception>
    public void Require(string folder, long bytes, string what)
    {
        var existing = Path.GetFullPath(folder);
        while (!Directory.Exists(existing))
            existing = Path.GetDirectoryName(existing)!;
        var free = read(existing);
        if (free < bytes)
        {
            throw new ResourceException(
                $"{what} needs {Megabytes(bytes)} MB of free disk under {folder}; {Megabytes(free)} MB are free. Free {Megabytes(bytes - free)} MB more, "
                + "or move the folders by XDG_CACHE_HOME (Octavo's) and NUGET_PACKAGES (the packages').");
        }
    }

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("F0", CultureInfo.InvariantCulture);
}
