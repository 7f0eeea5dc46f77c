using System.Text.Json;
using Octavo.Core;
using Octavo.Engine.Kv;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>PyramidKV's budgets of all layers by kvpress's rule and by SCBench's.</summary>
internal sealed class KvBudgetsRunner : GoldenRunner
{
    public override string Kind => "kv.budgets";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        var (budgets, kept) = (new CaseCheck("budgets"), new CaseCheck("keep_all"));
        foreach (var entry in golden.Cases(context))
        {
            var method = new PyramidKv { Window = Whole(entry, "window_size"), Beta = Whole(entry, "beta") };
            var (rule, tokens, layers) = (entry.GetProperty("rule").GetString(), Whole(entry, "n"), Whole(entry, "layers"));
            var actual = rule switch
            {
                "kvpress" => [.. Enumerable.Range(0, layers).Select(layer => method.OfRatio(tokens, entry.GetProperty("compression_ratio").GetDouble(), layers, layer))],
                "scbench" => method.OfCapacity(tokens, Whole(entry, "max_capacity_prompt"), layers),
                _ => throw new UnsupportedException($"the rule '{rule}' is not supported; supported are kvpress and scbench."),
            };
            var label = $"{rule}, n {tokens}";
            if (entry.TryGetProperty("keep_all", out var all))
                kept.AddFlag(label, actual is null, all.GetBoolean());
            if (entry.GetProperty("expected") is { ValueKind: JsonValueKind.Array } expected)
                budgets.AddList(label, actual ?? [.. Enumerable.Repeat(tokens, layers)], [.. expected.EnumerateArray().Select(budget => budget.GetInt32())]);
        }
        return CaseCheck.Outcomes(budgets, kept);
    }

    private static int Whole(JsonElement entry, string name) => entry.GetProperty(name).GetInt32();
}
