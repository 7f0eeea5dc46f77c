using System.Collections.Frozen;

namespace Octavo.Bench.Peers;

/// <summary>llama.cpp. Flash attention is its default and loses decode at depth, so both settings run and the better one counts.</summary>
internal sealed class MainlineContender(string folder) : LlamaCppContender("mainline", folder)
{
    protected override string Completion => "llama-completion";

    protected override IReadOnlySet<string> Known { get; } = FrozenSet.Create(
        "AVX2", "FMA", "F16C", "AVX512", "AVX512_VNNI", "AVX512_BF16", "AVX_VNNI", "AMX_INT8");

    protected override IEnumerable<string> OneAnswer => ["--no-warmup", "-no-cnv"];

    // without flash attention its values must be stored as floats
    public override IReadOnlyList<string> Settings(RaceTest test, RaceOptions options) =>
        KvType(options) == "q8_0" ? ["-fa 1"] : ["-fa 0", "-fa 1"];

    protected override IEnumerable<string> Decode(RaceTest test) => ["-p", "0", "-n", Text(test.Tokens), "-d", Text(test.Depth)];

    protected override IEnumerable<string> Spelled(string setting) => ["-fa", setting == "-fa 1" ? "on" : "off"];
}
