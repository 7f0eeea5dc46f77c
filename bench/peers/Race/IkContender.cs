using System.Collections.Frozen;

namespace Octavo.Bench.Peers;

/// <summary>
/// ik_llama.cpp. It has no code for AMX. Repacking weights at load time helps some types and hurts others, and flash attention,
/// its default, loses decode at depth on some processors: all run and the best one counts.
/// </summary>
internal sealed class IkContender(string folder) : LlamaCppContender("ik", folder)
{
    protected override string Completion => "llama-cli";

    protected override IReadOnlySet<string> Known { get; } = FrozenSet.Create(
        "AVX2", "FMA", "F16C", "AVX512", "AVX512_VNNI", "AVX512_BF16", "AVX_VNNI");

    protected override IEnumerable<string> OneAnswer => ["--no-warmup"];

    // without flash attention its values must be stored as floats
    public override IReadOnlyList<string> Settings(RaceTest test, RaceOptions options) =>
        KvType(options) == "q8_0" ? ["-fa 1 -rtr 0", "-fa 1 -rtr 1"] : ["-fa 1 -rtr 0", "-fa 1 -rtr 1", "-fa 0 -rtr 0"];

    protected override IEnumerable<string> Decode(RaceTest test) => ["-p", "0", "-n", "0", "-gp", $"{test.Depth},{test.Tokens}"];

    protected override IEnumerable<string> Spelled(string setting)
    {
        yield return "-fa";
        yield return setting.Contains("-fa 1", StringComparison.Ordinal) ? "on" : "off";
        if (setting.Contains("-rtr 1", StringComparison.Ordinal))
            yield return "-rtr";
    }
}
