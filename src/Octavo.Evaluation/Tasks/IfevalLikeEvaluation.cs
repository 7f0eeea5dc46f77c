using Octavo.Evaluation.Procedural;
using Octavo.Evaluation.Requests;
using Octavo.Evaluation.Verifiers.Ifeval;

namespace Octavo.Evaluation.Tasks;

/// <summary>
/// Requests with instructions, answered greedily and judged by IFEval's verifiers. The prompt-level figures ask for all instructions of a
/// request; the instruction-level ones count each of them.
/// </summary>
internal sealed record IfevalLikeEvaluation : EvaluationTask
{
    private const int MaxTokens = 384;

    public override string Name => "ifeval-like";

    public override IReadOnlyList<MetricSpec> Metrics { get; } =
    [
        new("prompt_strict"), new("prompt_loose"), new("inst_strict", IsRate: false), new("inst_loose", IsRate: false),
    ];

    public override IReadOnlyList<EvaluationSample> Samples(string split, int limit, ulong seed) =>
        [.. new IfevalLike().Generate(seed, split, limit).Select(Sample)];

    private static EvaluationSample Sample(ProceduralRow row) => new(
        row.Id, [new GenerateRequest(EvaluationPrompt.Chat(row.Question), MaxTokens)], string.Join(", ", row.Instructions!),
        results => Judge((GeneratedResult)results[0], row));

    private static Judgement Judge(GeneratedResult result, ProceduralRow row)
    {
        var verdict = IfevalVerdict.Of(row.Instructions!, row.Arguments!, result.Text);
        var followed = string.Join(", ", row.Instructions!.Where((_, i) => verdict.Strict[i]));
        return new Judgement(result.Text, followed, new Dictionary<string, double>
        {
            ["prompt_strict"] = verdict.AllStrict ? 1 : 0,
            ["prompt_loose"] = verdict.AllLoose ? 1 : 0,
            ["inst_strict"] = verdict.Strict.Count(follows => follows),
            ["inst_loose"] = verdict.Loose.Count(follows => follows),
        }, Weight: row.Instructions!.Count);
    }
}
