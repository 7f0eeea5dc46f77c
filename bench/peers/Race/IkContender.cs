using System.Collections.Frozen;

namespace Octavo.Bench.Peers;

/// <summary>ik_llama.cpp. It has no code for AMX; repacking weights at load time helps some types and hurts others, so both run.</summary>
internal sealed class IkContender(string folder) : LlamaCppContender("ik", folder)
{
    protected override string Completion => "llama-cli";

    protected override IReadOnlySet<string> Known { get; } = FrozenSet.Create(
        "AVX2", "FMA", "F16C", "AVX512", "AVX512_VNNI", "AVX512_BF16", "AVX_VNNI");

    protected override IEnumerable<string> OneAnswer => ["--no-warmup"];

    public override IReadOnlyList<string> Settings(RaceTest test, RaceOptions options) => ["-rtr 0", "-rtr 1"];

    protected override IEnumerable<string> Decode(RaceTest test) => ["-p", "0", "-n", "0", "-gp", $"{test.Depth},{test.Tokens}"];

    protected override IEnumerable<string> Spelled(string setting) => setting == "-rtr 1" ? ["-rtr"] : [];
}
