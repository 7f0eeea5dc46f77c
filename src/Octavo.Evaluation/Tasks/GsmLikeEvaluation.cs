using Octavo.Evaluation.Procedural;
using Octavo.Evaluation.Requests;
using Octavo.Evaluation.Verifiers;

namespace Octavo.Evaluation.Tasks;

/// <summary>
/// Word problems, answered greedily through the chat template. <c>exact_match</c> reads the number behind <c>####</c>; <c>flexible</c>
/// takes the last number of the answer, so that a model that knows the format no better than the result is not punished twice.
/// </summary>
internal sealed record GsmLikeEvaluation(int Steps) : EvaluationTask
{
    private const int MaxTokens = 256;

    public override string Name => "gsm-like";

    public override IReadOnlyList<MetricSpec> Metrics { get; } = [new("exact_match"), new("flexible")];

    public override string Settings(string split) => $"steps {Steps}";

    public override IReadOnlyList<EvaluationSample> Samples(string split, int limit, ulong seed) =>
        [.. new GsmLike { Steps = Steps }.Generate(seed, split, limit).Select(Sample)];

    private static EvaluationSample Sample(ProceduralRow row) => new(
        row.Id, [new GenerateRequest(EvaluationPrompt.Chat(row.Question), MaxTokens)], row.Answer,
        results => Judge((GeneratedResult)results[0], row.Answer));

    private static Judgement Judge(GeneratedResult result, string gold)
    {
        var strict = AnswerExtraction.Strict(result.Text);
        return new Judgement(result.Text, strict, new Dictionary<string, double>
        {
            ["exact_match"] = ExactMatch.Gsm8k.Holds(strict, gold) ? 1 : 0,
            ["flexible"] = ExactMatch.Gsm8k.Holds(AnswerExtraction.Flexible(result.Text), gold) ? 1 : 0,
        });
    }
}
