namespace Octavo.Core.Safetensors;

/// <summary>Which names of shards an index may give: one plain segment, the same on every system.</summary>
internal static class ShardName
{
    private const string Suffix = ".safetensors";

    /// <summary>Letters, digits, '.', '_' and '-', then ".safetensors"; no name that a system keeps for devices.</summary>
    public static bool IsPlain(string name)
    {
        if (name.Length <= Suffix.Length || !name.EndsWith(Suffix, StringComparison.Ordinal))
            return false;
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
                return false;
        }
        return !IsDevice(name.AsSpan(0, name.IndexOf('.')));
    }

    private static bool IsDevice(ReadOnlySpan<char> stem)
    {
        foreach (var device in (ReadOnlySpan<string>)["CON", "PRN", "AUX", "NUL"])
        {
            if (stem.Equals(device, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return stem.Length == 4 && char.IsAsciiDigit(stem[3])
            && (stem.StartsWith("COM", StringComparison.OrdinalIgnoreCase) || stem.StartsWith("LPT", StringComparison.OrdinalIgnoreCase));
    }
}
