using System.Text.Json;
using Octavo.Evaluation.TextMetrics;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>ROUGE-1, -2, -L and -Lsum with and without stems: precision, recall and F.</summary>
internal sealed class RougeRunner : GoldenRunner
{
    public override string Kind => "text.rouge";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        var tolerance = golden.Option("atol").GetDouble();
        CaseCheck[] checks = [new("rouge1"), new("rouge2"), new("rougeL"), new("rougeLsum")];
        foreach (var entry in golden.Cases(context))
        {
            var (prediction, reference) = (entry.GetProperty("prediction").GetString()!, entry.GetProperty("reference").GetString()!);
            var isStemmed = entry.GetProperty("use_stemmer").GetBoolean();
            var rouge = new Rouge { Stem = isStemmed };
            RougeScore[] scores =
            [
                rouge.N(prediction, reference, 1), rouge.N(prediction, reference, 2),
                rouge.L(prediction, reference), rouge.LSum(prediction, reference),
            ];
            var label = $"{CaseCheck.Quote(prediction)}{(isStemmed ? ", stems" : "")}";
            for (var kind = 0; kind < checks.Length; kind++)
                Compare(checks[kind], scores[kind], entry.GetProperty(checks[kind].Name), tolerance, label);
        }
        return CaseCheck.Outcomes(checks);
    }

    private static void Compare(CaseCheck check, RougeScore actual, JsonElement expected, double tolerance, string label)
    {
        check.AddNumber($"{label} precision", actual.Precision, expected.GetProperty("precision").GetDouble(), tolerance);
        check.AddNumber($"{label} recall", actual.Recall, expected.GetProperty("recall").GetDouble(), tolerance);
        check.AddNumber($"{label} F", actual.F, expected.GetProperty("fmeasure").GetDouble(), tolerance);
    }
}
