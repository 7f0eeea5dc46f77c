using Octavo.Core;

namespace Octavo.Systems.ScBench.Prompts;

/// <summary>How the questions of a context share it.</summary>
internal enum ContextMode
{
    /// <summary>One conversation: each question stands behind the answers before it, and the first together with the context.</summary>
    MultiTurn,

    /// <summary>Several requests: the context is read alone, and each question is put to it as if there were no other.</summary>
    MultiRequest,
}

/// <summary>Which answers a conversation's later turns stand behind.</summary>
internal enum AnswerHistory
{
    /// <summary>The gold answers, so that an error does no harm later: what the paper reports.</summary>
    Golden,

    /// <summary>The model's own answers.</summary>
    Self,
}

/// <summary>How a shared context becomes prompts.</summary>
internal sealed record PromptOptions
{
    /// <summary>How questions share the context.</summary>
    public ContextMode Mode { get; init; }

    /// <summary>Which answers stand in a conversation; requests have no history.</summary>
    public AnswerHistory History { get; init; }

    /// <summary>How many turns are asked; null: as the task says, 5 or 8.</summary>
    public int? MaxTurns { get; init; }

    /// <summary>Where each answer is cut; null: as the task says.</summary>
    public int? MaxNewTokens { get; init; }

    /// <summary>The most tokens of a prompt and its answers; the middle of a longer one is left out. The released code's
    /// default.</summary>
    public int MaxLength { get; init; } = 131_072;

    /// <summary>What is kept free for the questions of requests, in tokens, as in the released code; a shared conversation needs
    /// none.</summary>
    public int RequestReserve { get; init; } = 1000;

    /// <summary>Refuses options that do not go together.</summary>
    /// <exception cref="ConfigException">All that is wrong with them.</exception>
    public void Validate()
    {
        List<string> problems = [];
        if (Mode == ContextMode.MultiRequest && History == AnswerHistory.Self)
            problems.Add("requests have no history, so it cannot be the model's own; use multi-turn mode");
        if (MaxTurns < 1)
            problems.Add($"the number of turns is {MaxTurns}; give at least 1");
        if (MaxNewTokens < 1)
            problems.Add($"the limit of an answer is {MaxNewTokens} tokens; give at least 1");
        if (MaxLength < 1)
            problems.Add($"the longest prompt is {MaxLength} tokens; give at least 1");
        if (RequestReserve < 0)
            problems.Add($"the reserve for requests is {RequestReserve} tokens; give at least 0");
        if (problems.Count > 0)
            throw new ConfigException($"The prompts of SCBench cannot be made: {string.Join("; ", problems)}.");
    }
}
