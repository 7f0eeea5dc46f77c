namespace Octavo.Systems.ScBench.Prompts;

/// <summary>One question as tokens.</summary>
/// <param name="Ids">What is read before the answer. In a conversation it is appended to what was read before; as a request, to the
/// context.</param>
/// <param name="MaxNewTokens">Where the answer is cut.</param>
/// <param name="Rules">The task of this turn, which scores the answer.</param>
internal sealed record PromptTurn(IReadOnlyList<int> Ids, int MaxNewTokens, TaskRules Rules);

/// <summary>A shared context and its questions as tokens.</summary>
/// <param name="Context">What all requests share; empty in a conversation, whose first turn holds the context.</param>
/// <param name="Turns">The questions, in order.</param>
/// <param name="LeftOut">How many tokens of the middle were left out.</param>
internal sealed record SharedPrompt(IReadOnlyList<int> Context, IReadOnlyList<PromptTurn> Turns, int LeftOut)
{
    /// <summary>The most tokens that the cache can hold at once: a whole conversation with its answers, or the longest request.</summary>
    public int Length(ContextMode mode) => mode == ContextMode.MultiTurn
        ? Turns.Sum(turn => turn.Ids.Count + turn.MaxNewTokens)
        : Context.Count + Turns.Max(turn => turn.Ids.Count + turn.MaxNewTokens);
}
