using System.Diagnostics;
using Octavo.Core;
using Octavo.Engine;
using Octavo.Engine.Kv;
using Octavo.Systems.ScBench.Prompts;

namespace Octavo.Systems.ScBench.Running;

/// <summary>
/// Asks a model all questions on a shared context, greedily, as the released code's loops do. Positions count what was read, not what is
/// stored. An answer is generated on a fork of the sequence, so that with gold history, and of a request, nothing of it is left: the fork
/// shares the pages that are there and owns those that it writes. A method chooses once, when the first tokens have been read: with the
/// first question among them in a conversation, without any in requests.
/// </summary>
/// <param name="model">The model. One thread at a time.</param>
internal sealed class ContextRunner(LanguageModel model)
{
    private readonly HashSet<int> _stops = [.. model.Tokenizer.StopIds, .. model.Checkpoint.StopIds];

    /// <summary>Told of the logits that each answer begins with, by the turn's number from 1.</summary>
    public Action<int, float[]>? Begun { get; init; }

    /// <summary>The answers, in the order of the turns.</summary>
    /// <param name="prompt">The context and its questions.</param>
    /// <param name="options">How the prompt was built.</param>
    /// <param name="method">What looks after keys and values; null keeps all.</param>
    /// <param name="cancellationToken">Looked at between blocks of rows and once per token.</param>
    /// <exception cref="ResourceException">The conversation does not fit the model's context.</exception>
    /// <exception cref="EvaluationException">The model's output is not a number.</exception>
    public IReadOnlyList<TurnAnswer> Run(SharedPrompt prompt, PromptOptions options, KvMethod? method, CancellationToken cancellationToken = default)
    {
        using var session = model.NewSession(null, method);
        var peak = new Peak(session);
        if (options.Mode == ContextMode.MultiRequest)
        {
            session.Forward([.. prompt.Context], peak, cancellationToken);
            return [.. prompt.Turns.Select((question, turn) => Request(session, turn, question, peak, cancellationToken))];
        }
        return [.. prompt.Turns.Select((question, turn) => Turn(session, Read(session, question, peak, cancellationToken), turn, question, options, peak, cancellationToken))];
    }

    /// <summary>
    /// The same for several methods that share one reading of the first tokens: it notes what any of them asks for, and each gets a fork of it. The time to
    /// the first token of the first turn is that of the shared reading and of the method's choice.
    /// </summary>
    /// <param name="prompt">The context and its questions.</param>
    /// <param name="options">How the prompt was built.</param>
    /// <param name="methods">Methods that leave the reading of the prompt as it is, and need moments of queries from one position on.</param>
    /// <param name="cancellationToken">As above.</param>
    /// <returns>Answers for each method.</returns>
    public IEnumerable<IReadOnlyList<TurnAnswer>> RunShared(
        SharedPrompt prompt, PromptOptions options, IReadOnlyList<KvMethod> methods, CancellationToken cancellationToken = default)
    {
        using var shared = model.NewSession(null, NotedPrompt.For(methods));
        var peak = new Peak(shared);
        var isRequest = options.Mode == ContextMode.MultiRequest;
        var context = Forward(shared, isRequest ? prompt.Context : prompt.Turns[0].Ids, default, peak, cancellationToken);
        foreach (var method in methods)
        {
            var start = Stopwatch.GetTimestamp();
            using var session = shared.Fork(method);
            var chosen = context with { Time = context.Time + Stopwatch.GetElapsedTime(start) };
            var own = new Peak(session);
            own.Note(peak.Bytes);
            yield return
            [
                .. prompt.Turns.Select((question, turn) => isRequest
                    ? Request(session, turn, question, own, cancellationToken)
                    : Turn(session, turn == 0 ? chosen : Read(session, question, own, cancellationToken), turn, question, options, own, cancellationToken)),
            ];
        }
    }

    // another request finds the context as this one did
    private TurnAnswer Request(Session context, int turn, PromptTurn question, Peak peak, CancellationToken cancellationToken)
    {
        var stored = context.KvBytes;
        using var request = context.Fork();
        var read = Forward(request, question.Ids, turn == 0 ? default : context.Work, peak, cancellationToken);
        return Answer(read, request, isDropped: true, turn, question, peak, cancellationToken) with { StoredBytes = stored };
    }

    // with gold history the answer is given in a fork that is dropped
    private TurnAnswer Turn(
        Session conversation, Opening read, int turn, PromptTurn question, PromptOptions options, Peak peak, CancellationToken cancellationToken)
    {
        var stored = conversation.KvBytes;
        using var fork = options.History == AnswerHistory.Golden ? conversation.Fork() : null;
        return Answer(read, fork ?? conversation, fork is not null, turn, question, peak, cancellationToken) with { StoredBytes = stored };
    }

    private static Opening Read(Session session, PromptTurn question, Peak peak, CancellationToken cancellationToken) =>
        Forward(session, question.Ids, session.Work, peak, cancellationToken);

    private static Opening Forward(Session session, IReadOnlyList<int> ids, AttentionWork before, Peak peak, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        float[] logits = [.. session.Forward([.. ids], peak, cancellationToken)];
        return new Opening(Best(logits), logits, Stopwatch.GetElapsedTime(start), before);
    }

    private TurnAnswer Answer(
        Opening read, Session place, bool isDropped, int turn, PromptTurn question, Peak peak, CancellationToken cancellationToken)
    {
        var token = read.Token;
        Begun?.Invoke(turn + 1, read.Logits);
        List<int> answer = [];
        var start = Stopwatch.GetTimestamp();
        while (!_stops.Contains(token))
        {
            answer.Add(token);
            // what stays in the conversation has to be read there, the last token too
            if (answer.Count == question.MaxNewTokens && isDropped)
                break;
            var logits = place.Forward([token], null, cancellationToken);
            if (answer.Count == question.MaxNewTokens)
                break;
            token = Best(logits);
        }
        var further = Math.Max(0, answer.Count - 1);
        peak.Note(place.KvBytes);
        return new TurnAnswer(
            turn + 1, model.Tokenizer.Decode([.. answer]), question.Ids.Count, answer.Count, 0, peak.Bytes, Rounded(read.Time),
            further == 0 ? TimeSpan.Zero : Rounded(Stopwatch.GetElapsedTime(start) / further))
        {
            Work = place.Work - read.Before,
        };
    }

    // what a predictions file keeps
    private static TimeSpan Rounded(TimeSpan time) => TimeSpan.FromMicroseconds(Math.Round(time.TotalMicroseconds));

    // the first of equals, as torch.argmax
    private static int Best(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var i = 0; i < logits.Length; i++)
        {
            if (float.IsNaN(logits[i]))
                throw new EvaluationException("The model's output is not a number; its weights are damaged, or a method keeps what makes no sense.");
            if (logits[i] > logits[best])
                best = i;
        }
        return best;
    }

    /// <summary>What is known when a question was read.</summary>
    /// <param name="Token">The first of the answer.</param>
    /// <param name="Logits">It is the best of.</param>
    /// <param name="Time">That the reading took.</param>
    /// <param name="Before">What attention had computed before it.</param>
    private sealed record Opening(int Token, float[] Logits, TimeSpan Time, AttentionWork Before);

    /// <summary>Is told while tokens are read, before a method compresses what they left.</summary>
    private sealed class Peak(Session session) : IProgress<int>
    {
        public long Bytes { get; private set; }

        public void Report(int value) => Note(session.KvBytes);

        public void Note(long bytes) => Bytes = Math.Max(Bytes, bytes);
    }
}
