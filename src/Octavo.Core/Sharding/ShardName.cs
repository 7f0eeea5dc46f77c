namespace Octavo.Core.Sharding;

/// <summary>Which names of shards an index may give: one plain segment, the same on every system.</summary>
internal static class ShardName
{
    /// <summary>Letters, digits, '.', '_' and '-', then the suffix; no name that a system keeps for devices.</summary>
    /// <param name="name">What the index says.</param>
    /// <param name="suffix">The ending of the format's files, such as ".safetensors".</param>
    public static bool IsPlain(string name, string suffix)
    {
        if (name.Length <= suffix.Length || !name.EndsWith(suffix, StringComparison.Ordinal))
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
