using Octavo.Core;
using Octavo.Engine;

namespace Octavo.Evaluation.Requests;

/// <summary>
/// Answers requests with the engine: answers are generated greedily in a batch, likelihoods computed one by one over a shared prompt. A
/// sequence gets the same tokens in any batch, so no result depends on its size.
/// </summary>
/// <param name="model">The model; the caller disposes it.</param>
/// <param name="batchSize">The most answers at once, 1 to 64.</param>
/// <param name="adapter">The model's adapter that answers; null for the model alone.</param>
internal sealed class EngineRunner(LanguageModel model, int batchSize, string? adapter = null) : IRequestRunner
{
    // logits of so many rows are held at once
    private const int Rows = 64;

    private ChatPrompt? _chat;

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
                yield return (i, Score(session, likelihood));
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
                var options = new GenerationOptions { MaxTokens = request.MaxTokens, Stop = request.Stop, Adapter = adapter };
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

    private LikelihoodResult Score(Session session, LikelihoodRequest request)
    {
        var (context, continuation) = Encode(request);
        if (continuation.Length == 0)
            return new LikelihoodResult(0, 0, true);
        if (context.Length + continuation.Length > model.ContextLength)
            throw new ResourceException(
                $"a prompt of {context.Length} and a continuation of {continuation.Length} tokens do not fit the context of {model.ContextLength}; nothing was cut.");
        // choices of one question share their prompt; its last token runs again, for its logits
        session.Rollback(Math.Min(session.Tokens.CommonPrefixLength(context), context.Length - 1));
        var fresh = context[session.Tokens.Length..];
        if (fresh.Length > 1)
            session.Forward(fresh.AsSpan(0, fresh.Length - 1));
        int[] tokens = [context[^1], .. continuation];
        var (sum, greedy) = (0.0, true);
        for (var at = 0; at < continuation.Length; at += Rows)
        {
            var count = Math.Min(Rows, continuation.Length - at);
            var logits = session.ForwardAll(tokens.AsSpan(at, count));
            var width = logits.Length / count;
            for (var i = 0; i < count; i++)
            {
                var row = logits.AsSpan(i * width, width);
                var token = continuation[at + i];
                sum += row[token] - Logits.LogSum(row);
                greedy &= Logits.Best(row) == token;
            }
        }
        return double.IsFinite(sum)
            ? new LikelihoodResult(continuation.Length, sum, greedy)
            : throw new EvaluationException($"the log-likelihood of a continuation is {sum}: the model's output is no number. Try --exact.");
    }

    private LikelihoodResult Roll(RollingRequest request, CancellationToken cancellationToken)
    {
        int[] ids = [.. model.Tokenizer.Encode(request.Text, parseSpecial: false).Select(token => token.Id)];
        var likelihood = Likelihood.Of(model, adapter, ids, cancellationToken: cancellationToken);
        return new LikelihoodResult(likelihood.Tokens, -likelihood.Nll, false);
    }

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
