using System.Text.Json;
using Octavo.Core;
using Octavo.Evaluation.Verifiers;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>The number that answers to GSM8K end with, by five protocols, and whether it is the right one.</summary>
internal sealed class GsmExtractionRunner : GoldenRunner
{
    public override string Kind => "extract.gsm8k";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        var (extracted, correct) = (new CaseCheck("extracted"), new CaseCheck("correct"));
        foreach (var entry in golden.Cases(context))
        {
            var (answer, gold) = (entry.GetProperty("response").GetString()!, entry.GetProperty("gold").GetString()!);
            if (entry.TryGetProperty("rule", out var rule))
                RunRule(rule.GetString()!, answer, gold, entry, extracted, correct);
            else
                RunTask(entry.GetProperty("task").GetString()!, answer, gold, entry, extracted, correct);
        }
        return CaseCheck.Outcomes(extracted, correct);
    }

    private static void RunTask(string task, string answer, string gold, JsonElement entry, CaseCheck extracted, CaseCheck correct)
    {
        var strict = task switch
        {
            "gsm8k" => AnswerExtraction.Strict(answer),
            "gsm8k_cot" => AnswerExtraction.ChainOfThought(answer),
            _ => throw new UnsupportedException($"the task '{task}' is not supported; supported are gsm8k and gsm8k_cot."),
        };
        foreach (var (name, found) in new[] { ("strict-match", strict), ("flexible-extract", AnswerExtraction.Flexible(answer)) })
        {
            var expected = entry.GetProperty(name);
            var label = $"{task} {name} {CaseCheck.Quote(answer)}";
            extracted.AddText(label, found, expected.GetProperty("extracted").GetString()!);
            correct.AddFlag(label, ExactMatch.Gsm8k.Holds(found, gold), expected.GetProperty("exact_match").GetDouble() == 1);
        }
    }

    private static void RunRule(string rule, string answer, string gold, JsonElement entry, CaseCheck extracted, CaseCheck correct)
    {
        var (found, isRight) = rule switch
        {
            "lighteval" => (AnswerExtraction.Lighteval(answer), AnswerExtraction.Lighteval(answer) == AnswerExtraction.Lighteval(gold)),
            "rlvr" => (AnswerExtraction.Rlvr(answer), PythonText.Lower(AnswerExtraction.Rlvr(answer)) == PythonText.Lower(gold)),
            _ => throw new UnsupportedException($"the rule '{rule}' is not supported; supported are lighteval and rlvr."),
        };
        var label = $"{rule} {CaseCheck.Quote(answer)}";
        extracted.AddText(label, found, entry.GetProperty("extracted").GetString()!);
        correct.AddFlag(label, isRight, entry.GetProperty("correct").GetBoolean());
    }
}
