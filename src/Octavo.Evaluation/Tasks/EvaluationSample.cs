using Octavo.Evaluation.Requests;

namespace Octavo.Evaluation.Tasks;

/// <summary>One question of a task, with what it asks of a model.</summary>
/// <param name="Id">Its name, the same in every run.</param>
/// <param name="Requests">At least one.</param>
/// <param name="Gold">What is right, for the log.</param>
/// <param name="Judge">Turns the results, one per request, into scores. Pure.</param>
internal sealed record EvaluationSample(
    string Id, IReadOnlyList<EvaluationRequest> Requests, string Gold, Func<IReadOnlyList<RequestResult>, Judgement> Judge)
{
    /// <summary>What is asked, for the log.</summary>
    public string Prompt => Requests[0] switch
    {
        LikelihoodRequest request => request.Prompt.Text,
        GenerateRequest request => request.Prompt.Text,
        RollingRequest request => request.Text,
        var other => throw new InvalidOperationException($"no prompt in {other.GetType().Name}."),
    };
}

/// <summary>What a model's results on one sample are worth.</summary>
/// <param name="Output">What it said, or chose.</param>
/// <param name="Extracted">What of it was compared.</param>
/// <param name="Scores">By metric; 0 or 1, or a sum whose weight is in <paramref name="Weight"/>.</param>
/// <param name="Weight">What a metric that is no rate is divided by: tokens.</param>
internal sealed record Judgement(string Output, string Extracted, IReadOnlyDictionary<string, double> Scores, double Weight = 1);
