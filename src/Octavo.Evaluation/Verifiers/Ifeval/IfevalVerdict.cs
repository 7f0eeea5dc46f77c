using System.Text.Json.Nodes;

namespace Octavo.Evaluation.Verifiers.Ifeval;

/// <summary>Which of its instructions an answer follows.</summary>
/// <param name="Strict">By instruction, to the letter.</param>
/// <param name="Loose">By instruction, in one of eight variants.</param>
internal sealed record IfevalVerdict(IReadOnlyList<bool> Strict, IReadOnlyList<bool> Loose)
{
    public bool AllStrict => Strict.All(follows => follows);

    public bool AllLoose => Loose.All(follows => follows);

    /// <summary>Judges an answer.</summary>
    /// <param name="ids">The instructions.</param>
    /// <param name="arguments">Their arguments, in the same order.</param>
    /// <param name="answer">The answer.</param>
    public static IfevalVerdict Of(IReadOnlyList<string> ids, IReadOnlyList<JsonObject> arguments, string answer)
    {
        var pairs = ids.Zip(arguments).ToList();
        return new IfevalVerdict(
            [.. pairs.Select(pair => IfevalChecks.Strict(pair.First, pair.Second, answer))],
            [.. pairs.Select(pair => IfevalChecks.Loose(pair.First, pair.Second, answer))]);
    }

    /// <summary>The four published figures: by prompt and by instruction, strict and loose.</summary>
    public static IReadOnlyDictionary<string, double> Accuracies(IReadOnlyList<IfevalVerdict> verdicts) => new Dictionary<string, double>
    {
        ["prompt_level_strict_acc"] = verdicts.Average(verdict => verdict.AllStrict ? 1.0 : 0),
        ["inst_level_strict_acc"] = verdicts.SelectMany(verdict => verdict.Strict).Average(follows => follows ? 1.0 : 0),
        ["prompt_level_loose_acc"] = verdicts.Average(verdict => verdict.AllLoose ? 1.0 : 0),
        ["inst_level_loose_acc"] = verdicts.SelectMany(verdict => verdict.Loose).Average(follows => follows ? 1.0 : 0),
    };
}
