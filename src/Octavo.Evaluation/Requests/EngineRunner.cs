using Octavo.Engine;

namespace Octavo.Evaluation.Requests;

/// <summary>
/// Answers requests with the engine: answers are generated greedily in a batch, likelihoods computed one by one over a shared prompt. A
/// sequence gets the same tokens in any batch, so no result depends on its size.
/// </summary>
/// <param name="model">The model; the caller disposes it.</param>
/// <param name="batchSize">The most answers at once, 1 to 64.</param>
/// <param name="adapter">The model's adapter that answers; null for the model alone.</param>
/// <param name="chat">How conversations become prompts; null for the model's own template.</param>
internal sealed class EngineRunner(LanguageModel model, int batchSize, string? adapter = null, ChatPrompt? chat = null) : IRequestRunner
{
    private ChatPrompt? _chat = chat;

    public IEnumerable<(int Index, RequestResult Result)> Run(IReadOnlyList<EvaluationRequest> requests, CancellationToken cancellationToken)
    {
        var generate = Enumerable.Range(0, requests.Count).Where(i => requests[i] is GenerateRequest).ToList();
        foreach (var done in Generate(requests, generate, cancellationToken))
            yield return done;
        using var session = model.NewSession(adapter);
        for (var i = 0; i < requests.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (requests[i] is LikelihoodRequest likelihood)
                yield return (i, Score(session, likelihood, cancellationToken));
            else if (requests[i] is RollingRequest rolling)
                yield return (i, Roll(rolling, cancellationToken));
        }
    }

    private IEnumerable<(int Index, RequestResult Result)> Generate(
        IReadOnlyList<EvaluationRequest> requests, List<int> places, CancellationToken cancellationToken)
    {
        if (places.Count == 0)
            yield break;
        using var batch = new Batch(model, new BatchOptions { MaxSequences = batchSize });
        Dictionary<BatchSequence, (int Index, List<string> Pieces)> running = [];
        List<(int, RequestResult)> done = [];
        var next = 0;
        while (next < places.Count || batch.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (; next < places.Count && batch.Count < batch.Capacity; next++)
            {
                var request = (GenerateRequest)requests[places[next]];
                var options = new GenerationOptions { MaxTokens = request.MaxTokens, Adapter = adapter };
                running[batch.Join(Encode(request.Prompt), options, cancellationToken: cancellationToken)] = (places[next], []);
            }
            Step(batch, running, done);
            foreach (var result in done)
                yield return result;
            done.Clear();
        }
    }

    private static void Step(
        Batch batch, Dictionary<BatchSequence, (int Index, List<string> Pieces)> running, List<(int, RequestResult)> done)
    {
        foreach (var token in batch.Step())
        {
            if (token.Error is not null)
                throw token.Error;
            var (index, pieces) = running[token.Sequence];
            pieces.Add(token.Token.Text);
            if (!token.IsLast)
                continue;
            running.Remove(token.Sequence);
            done.Add((index, new GeneratedResult(pieces.Count, string.Concat(pieces), token.Token.Finish == FinishReason.Stop)));
        }
    }

    private LikelihoodResult Score(Session session, LikelihoodRequest request, CancellationToken cancellationToken)
    {
        var (context, continuation) = Encode(request);
        return continuation.Length == 0 ? new LikelihoodResult(0, 0) : ResultOf(Likelihood.Of(session, context, continuation, cancellationToken));
    }

    private LikelihoodResult Roll(RollingRequest request, CancellationToken cancellationToken)
    {
        int[] ids = [.. model.Tokenizer.Encode(request.Text, parseSpecial: false).Select(token => token.Id)];
        return ResultOf(Likelihood.Of(model, adapter, ids, cancellationToken: cancellationToken));
    }

    private static LikelihoodResult ResultOf(Likelihood likelihood) => new(likelihood.Tokens, -likelihood.Nll);

    private (int[] Context, int[] Continuation) Encode(LikelihoodRequest request)
    {
        if (request.Prompt.Raw is { } raw)
            return PairEncoding.Encode(model.Tokenizer, raw, request.Continuation);
        return ([.. Encode(request.Prompt)], [.. model.Tokenizer.Encode(request.Continuation, parseSpecial: false).Select(token => token.Id)]);
    }

    private IReadOnlyList<int> Encode(EvaluationPrompt prompt) => prompt.Raw is { } raw
        ? [.. model.Tokenizer.Encode(raw).Select(token => token.Id)]
        : (_chat ??= ChatPrompt.Of(model)).Encode(prompt.Messages!);
}
