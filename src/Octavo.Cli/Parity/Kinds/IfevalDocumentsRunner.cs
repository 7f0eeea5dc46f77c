using System.Text.Json;
using Octavo.Evaluation.Verifiers.Ifeval;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>Answers to several instructions at once, and the four accuracies over all of them.</summary>
internal sealed class IfevalDocumentsRunner : GoldenRunner
{
    public override string Kind => "ifeval.documents";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        var verdicts = new CaseCheck("instructions");
        List<IfevalVerdict> all = [];
        foreach (var entry in golden.Cases(context))
        {
            var ids = entry.GetProperty("instruction_id_list").EnumerateArray().Select(id => id.GetString()!).ToList();
            ids.ForEach(IfevalRunner.CheckExact);
            var arguments = entry.GetProperty("kwargs").EnumerateArray().Select(IfevalRunner.Arguments).ToList();
            var verdict = IfevalVerdict.Of(ids, arguments, entry.GetProperty("response").GetString()!);
            all.Add(verdict);
            Add(verdicts, "strict", verdict.Strict, entry.GetProperty("inst_level_strict_acc"));
            Add(verdicts, "loose", verdict.Loose, entry.GetProperty("inst_level_loose_acc"));
            verdicts.AddFlag("prompt, strict", verdict.AllStrict, entry.GetProperty("prompt_level_strict_acc").GetBoolean());
            verdicts.AddFlag("prompt, loose", verdict.AllLoose, entry.GetProperty("prompt_level_loose_acc").GetBoolean());
        }
        var aggregates = new CaseCheck("aggregates");
        foreach (var (name, value) in IfevalVerdict.Accuracies(all))
        {
            var expected = golden.Option("aggregates").GetProperty(name).GetDouble();
            aggregates.Add(Math.Abs(value - expected) < 1e-12, () => $"{name}: {value} instead of {expected}");
        }
        return CaseCheck.Outcomes(verdicts, aggregates);
    }

    private static void Add(CaseCheck check, string label, IReadOnlyList<bool> actual, JsonElement expected)
    {
        var wanted = expected.EnumerateArray().Select(value => value.GetBoolean()).ToList();
        check.Add(actual.SequenceEqual(wanted), () => $"{label}: [{string.Join(", ", actual)}] instead of {expected}");
    }
}
