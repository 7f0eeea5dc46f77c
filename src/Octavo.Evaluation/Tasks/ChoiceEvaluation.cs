using Octavo.Evaluation.Procedural;
using Octavo.Evaluation.Requests;

namespace Octavo.Evaluation.Tasks;

/// <summary>
/// Questions with choices, asked through the chat template. <c>acc</c> takes the most likely choice, <c>acc_norm</c> the one with the
/// highest log-likelihood per character.
/// </summary>
/// <param name="Questions">Where they come from.</param>
internal sealed record ChoiceEvaluation(ProceduralTask Questions) : EvaluationTask
{
    public override string Name => Questions.Name;

    public override IReadOnlyList<MetricSpec> Metrics { get; } = [new("acc_norm"), new("acc")];

    public override string Settings(string split) => Questions.Source(split);

    public override IReadOnlyList<EvaluationSample> Samples(string split, int limit, ulong seed) =>
        [.. Questions.Generate(seed, split, limit).Select(Sample)];

    /// <summary>Scores choices by their log-likelihoods.</summary>
    /// <param name="logLikelihoods">By choice, in nats.</param>
    /// <param name="choices">Their texts.</param>
    /// <param name="gold">The right one.</param>
    internal static Judgement Judge(IReadOnlyList<double> logLikelihoods, IReadOnlyList<string> choices, int gold)
    {
        var raw = Best(logLikelihoods);
        var normal = Best([.. logLikelihoods.Zip(choices, (sum, choice) => sum / choice.Length)]);
        return new Judgement(choices[normal], choices[raw], new Dictionary<string, double>
        {
            ["acc_norm"] = normal == gold ? 1 : 0,
            ["acc"] = raw == gold ? 1 : 0,
        });
    }

    private static EvaluationSample Sample(ProceduralRow row)
    {
        var prompt = EvaluationPrompt.Chat(row.Question);
        return new EvaluationSample(
            row.Id, [.. row.Choices!.Select(choice => new LikelihoodRequest(prompt, choice))], row.Answer,
            results => Judge([.. results.Cast<LikelihoodResult>().Select(result => result.LogLikelihood)], row.Choices!, row.Gold!.Value));
    }

    // the first of equal ones, as argmax has it
    private static int Best(IReadOnlyList<double> values)
    {
        var best = 0;
        for (var i = 1; i < values.Count; i++)
        {
            if (values[i] > values[best])
                best = i;
        }
        return best;
    }
}
