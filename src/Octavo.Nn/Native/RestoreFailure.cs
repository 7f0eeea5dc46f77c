using Octavo.Core;

namespace Octavo.Nn.Native;

/// <summary>What went wrong when packages were restored, from what the SDK said.</summary>
internal static class RestoreFailure
{
    private static readonly string[] _network = ["NU1301", "NU1100", "NU1101", "NU1102", "NU1103"];
    private static readonly string[] _identity = ["NU1403", "NU1004", "NU1009"];

    /// <param name="said">All output of the restore.</param>
    public static OctavoException From(string said)
    {
        var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var errors = lines.Where(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)).Distinct().ToArray();
        var first = errors.Concat(lines).FirstOrDefault() ?? "it said nothing";
        if (said.Contains("No space left", StringComparison.OrdinalIgnoreCase))
            return new ResourceException($"The disk became full while libtorch {Pinned.Libtorch} was fetched. Free about 1 GB and run the command again.");
        if (_network.Any(said.Contains))
        {
            return new ResourceException(
                $"libtorch {Pinned.Libtorch} is not on this machine and could not be fetched: is the network reachable? With it, run "
                + $"`./setup --training` once (128 MB); after that no network is needed. The SDK said: {first}");
        }
        if (_identity.Any(said.Contains))
            return new InputFileException($"A package is not the one that Octavo was made for, so it is not used. The SDK said: {first}");
        return new ResourceException($"libtorch {Pinned.Libtorch} could not be fetched. The SDK said: {first}");
    }
}
