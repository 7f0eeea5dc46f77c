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
            session.Forward([.. prompt.Context], peak, cancellationToken);
        List<TurnAnswer> answers = [];
        for (var turn = 0; turn < prompt.Turns.Count; turn++)
        {
            answers.Add(options.Mode == ContextMode.MultiRequest ? Request(session, turn, prompt.Turns[turn], peak, cancellationToken)
                : Turn(session, turn, prompt.Turns[turn], options.History, peak, cancellationToken));
        }
        return answers;
    }

    // another request finds the context as this one did
    private TurnAnswer Request(Session context, int turn, PromptTurn question, Peak peak, CancellationToken cancellationToken)
    {
        var stored = context.KvBytes;
        using var request = context.Fork();
        return Answer(request, request, turn, question, peak, cancellationToken) with { StoredBytes = stored };
    }

    private TurnAnswer Turn(Session conversation, int turn, PromptTurn question, AnswerHistory history, Peak peak, CancellationToken cancellationToken)
    {
        if (history == AnswerHistory.Self)
            return Answer(conversation, conversation, turn, question, peak, cancellationToken);
        return Answer(conversation, null, turn, question, peak, cancellationToken);
    }

    // reads the question into one session and answers in the other; null answers in a fork that is dropped
    private TurnAnswer Answer(Session session, Session? answering, int turn, PromptTurn question, Peak peak, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var opening = session.Forward([.. question.Ids], peak, cancellationToken);
        var token = Best(opening);
        var first = Stopwatch.GetElapsedTime(start);
        Begun?.Invoke(turn + 1, opening.ToArray());
        var stored = session.KvBytes;
        using var fork = answering is null ? session.Fork() : null;
        var place = answering ?? fork!;
        List<int> answer = [];
        start = Stopwatch.GetTimestamp();
        while (!_stops.Contains(token))
        {
            answer.Add(token);
            // what stays in the conversation has to be read there, the last token too
            if (answer.Count == question.MaxNewTokens && fork is not null)
                break;
            var logits = place.Forward([token], null, cancellationToken);
            if (answer.Count == question.MaxNewTokens)
                break;
            token = Best(logits);
        }
        var further = Math.Max(0, answer.Count - 1);
        peak.Note(place.KvBytes);
        return new TurnAnswer(
            turn + 1, model.Tokenizer.Decode([.. answer]), question.Ids.Count, answer.Count, stored, peak.Bytes, Rounded(first),
            further == 0 ? TimeSpan.Zero : Rounded(Stopwatch.GetElapsedTime(start) / further));
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

    /// <summary>Is told while tokens are read, before a method compresses what they left.</summary>
    private sealed class Peak(Session session) : IProgress<int>
    {
        public long Bytes { get; private set; }

        public void Report(int value) => Note(session.KvBytes);

        public void Note(long bytes) => Bytes = Math.Max(Bytes, bytes);
    }
}
