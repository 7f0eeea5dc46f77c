using System.Text.Json;
using Octavo.Core;
using Octavo.Systems.ScBench.Data;
using Octavo.Systems.ScBench.Scoring;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>Scores of SCBench's released code, by scorer.</summary>
internal sealed class ScbenchScorersRunner : GoldenRunner
{
    public override string Kind => "scbench.scorers";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        var tolerance = golden.Option("atol").GetDouble();
        Dictionary<string, CaseCheck> checks = [];
        foreach (var entry in golden.Cases(context))
        {
            var (name, prediction) = (entry.GetProperty("scorer").GetString()!, entry.GetProperty("prediction").GetString()!);
            var label = entry.GetProperty("label");
            if (!checks.TryGetValue(name, out var check))
                checks[name] = check = new CaseCheck(name);
            var score = Scorers.Of(name).Parity(prediction, Gold(label));
            check.AddNumber($"{CaseCheck.Quote(prediction)} for {label}", score, entry.GetProperty("score").GetDouble(), tolerance);
        }
        return CaseCheck.Outcomes([.. checks.Values]);
    }

    private static GoldAnswer Gold(JsonElement label) => label.ValueKind switch
    {
        JsonValueKind.String => GoldAnswer.Of(label.GetString()!),
        JsonValueKind.Number => GoldAnswer.OfNumber(label.GetRawText()),
        JsonValueKind.Array when label.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number) =>
            GoldAnswer.OfList([.. label.EnumerateArray().Select(item => item.GetRawText())], areNumbers: true),
        JsonValueKind.Array => GoldAnswer.OfList([.. label.EnumerateArray().Select(item => item.GetString()!)]),
        _ => throw new InputFileException($"a label is {label.ValueKind} instead of a text, a number or a list."),
    };
}
