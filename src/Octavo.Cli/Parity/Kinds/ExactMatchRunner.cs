using System.Text.Json;
using Octavo.Evaluation.Verifiers;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>Whether two texts count as the same, with what each case leaves out.</summary>
internal sealed class ExactMatchRunner : GoldenRunner
{
    public override string Kind => "metric.exact_match";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        var check = new CaseCheck("exact match");
        foreach (var entry in golden.Cases(context))
        {
            var (prediction, reference) = (entry.GetProperty("prediction").GetString()!, entry.GetProperty("reference").GetString()!);
            var actual = Options(entry.GetProperty("options")).Holds(prediction, reference);
            var expected = entry.GetProperty("exact_match").GetDouble() == 1;
            check.AddFlag($"{CaseCheck.Quote(prediction)}, {entry.GetProperty("options")}", actual, expected);
        }
        return CaseCheck.Outcomes(check);
    }

    private static ExactMatch Options(JsonElement options) => new(
        options.TryGetProperty("regexes_to_ignore", out var ignored) ? [.. ignored.EnumerateArray().Select(pattern => pattern.GetString()!)] : [],
        Has(options, "ignore_case"), Has(options, "ignore_punctuation"), Has(options, "ignore_numbers"));

    private static bool Has(JsonElement options, string name) => options.TryGetProperty(name, out var value) && value.GetBoolean();
}
