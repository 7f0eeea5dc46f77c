namespace Octavo.Bench.Peers;

/// <summary>What this machine's processor is and can.</summary>
internal sealed record Processor(string Name, IReadOnlySet<string> Flags)
{
    // the kernel's name of a feature and the name that the peers print, most telling first
    private static readonly (string Flag, string Printed)[] _features =
    [
        ("avx2", "AVX2"), ("fma", "FMA"), ("f16c", "F16C"), ("avx512f", "AVX512"), ("avx512_vnni", "AVX512_VNNI"),
        ("avx512_bf16", "AVX512_BF16"), ("avx_vnni", "AVX_VNNI"), ("amx_int8", "AMX_INT8"),
    ];

    public static Processor Read()
    {
        var lines = File.ReadAllLines("/proc/cpuinfo");
        return new(Value(lines, "model name"), Value(lines, "flags").Split(' ').ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>The features that decide speed here and that this processor has, as the peers print them.</summary>
    public IEnumerable<string> Features => _features.Where(feature => Flags.Contains(feature.Flag)).Select(feature => feature.Printed);

    /// <summary>Features of this processor that an engine's own line does not show as on.</summary>
    /// <param name="systemInfo">Like <c>AVX2 = 1 | AMX_INT8 = 1 | …</c>; what is off is <c>= 0</c> or absent.</param>
    /// <param name="known">The features that the engine has code for at all.</param>
    public IReadOnlyList<string> Lacking(string systemInfo, IReadOnlySet<string> known)
    {
        var on = systemInfo.Split('|', ':').Select(part => part.Split('=', StringSplitOptions.TrimEntries))
            .Where(pair => pair is [_, "1"]).Select(pair => pair[0]).ToHashSet(StringComparer.Ordinal);
        return [.. Features.Where(feature => known.Contains(feature) && !on.Contains(feature))];
    }

    private static string Value(string[] lines, string key) =>
        lines.FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown";
}
