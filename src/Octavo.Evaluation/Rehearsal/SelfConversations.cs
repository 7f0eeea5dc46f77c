// Magpie (arXiv 2406.08464) gets questions from a model by opening the user's turn and nothing else; self-synthesized rehearsal (arXiv 2403.01244)
// trains on what a model says itself, beside what it is to learn, so that it forgets less. Both here, with every token drawn at temperature 1 from
// the whole vocabulary: the expected gradient of the loss on such rows is zero where the model stands, so they hold it there.
using Octavo.Core;
using Octavo.Engine;
using Octavo.Evaluation.Procedural;

namespace Octavo.Evaluation.Rehearsal;

/// <summary>Conversations that a model makes up: it writes a question into an opened user's turn, and answers it.</summary>
/// <param name="model">The model; the caller disposes it.</param>
/// <param name="batchSize">The most texts that are written at once, 1 to 64. The rows do not depend on it.</param>
internal sealed class SelfConversations(LanguageModel model, int batchSize)
{
    /// <summary>What the rows are called.</summary>
    public const string Name = "rehearsal";

    private const int LongestQuestion = 128;

    // tries per row before a model is said to end no turns
    private const int Tries = 20;

    private readonly ChatPrompt _chat = ChatPrompt.Of(model);

    /// <summary>The most tokens of an answer; longer ones are left out with their questions.</summary>
    public int LongestAnswer { get; init; } = 480;

    /// <summary>Makes rows with different questions, each of one question and its answer.</summary>
    /// <param name="seed">Any number: equal seeds give equal rows.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="cancellationToken">Looked at between tokens.</param>
    /// <exception cref="ConfigException">The count is wrong, or the model does not end its turns.</exception>
    public IEnumerable<ProceduralRow> Generate(ulong seed, int count, CancellationToken cancellationToken = default)
    {
        if (count < 1)
            throw new ConfigException($"the count is {count}; give at least 1.");
        return Rows(seed, count, cancellationToken);
    }

    private IEnumerable<ProceduralRow> Rows(ulong seed, int count, CancellationToken cancellationToken)
    {
        HashSet<string> questions = [];
        var tried = 0;
        foreach (var (question, answer) in Texts(seed, cancellationToken))
        {
            if (question.Length > 0 && answer.Length > 0 && questions.Add(question))
            {
                yield return new ProceduralRow($"{Name}-{seed}-{questions.Count - 1:D6}", Name, "train", Name, question, answer, "");
                if (questions.Count == count)
                    yield break;
            }
            if (++tried == Tries * (questions.Count + 2))
            {
                throw new ConfigException(
                    $"{questions.Count} of {tried} conversations came to an end within {LongestQuestion} and {LongestAnswer} tokens; a model that was trained on conversations is needed.");
            }
        }
    }

    /// <summary>Questions and answers without end, in the order of their numbers; empty where a turn did not end.</summary>
    private IEnumerable<(string Question, string Answer)> Texts(ulong seed, CancellationToken cancellationToken)
    {
        using var batch = new Batch(model, new BatchOptions { MaxSequences = batchSize });
        var opened = OpenedTurn();
        Dictionary<BatchSequence, Turn> running = [];
        Dictionary<int, (string, string)> ended = [];
        for (int next = 0, given = 0; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (; batch.Count < batch.Capacity; next++)
            {
                var options = Drawn(seed, $"question/{next}", LongestQuestion);
                running[batch.Join(opened, options, cancellationToken: cancellationToken)] = new Turn(next, null);
            }
            foreach (var token in batch.Step().ToArray())
            {
                if (token.Error is not null)
                    throw token.Error;
                var turn = running[token.Sequence];
                turn.Pieces.Add(token.Token.Text);
                if (!token.IsLast)
                    continue;
                running.Remove(token.Sequence);
                var text = token.Token.Finish == FinishReason.Stop ? string.Concat(turn.Pieces).Trim() : "";
                if (turn.Question is null && text.Length > 0)
                {
                    var options = Drawn(seed, $"answer/{turn.Number}", LongestAnswer);
                    running[batch.Join(_chat.Encode([("user", text)]), options, cancellationToken: cancellationToken)] = new Turn(turn.Number, text);
                }
                else
                    ended[turn.Number] = (turn.Question ?? "", text);
            }
            for (; ended.Remove(given, out var done); given++)
                yield return done;
        }
    }

    private static GenerationOptions Drawn(ulong seed, string what, int longest) =>
        new() { Temperature = 1, TopP = 0.95f, MaxTokens = longest, Seed = seed ^ TextHash.Of($"{Name}/{what}") };

    /// <summary>The tokens before a user's words: what two conversations with other words begin with alike.</summary>
    private int[] OpenedTurn()
    {
        var (one, other) = (_chat.Encode([("user", "a")]), _chat.Encode([("user", "7")]));
        return [.. one.Zip(other).TakeWhile(pair => pair.First == pair.Second).Select(pair => pair.First)];
    }

    private sealed record Turn(int Number, string? Question)
    {
        public List<string> Pieces { get; } = [];
    }
}
