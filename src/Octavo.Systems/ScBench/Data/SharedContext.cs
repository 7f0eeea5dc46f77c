namespace Octavo.Systems.ScBench.Data;

/// <summary>One long context and the questions that share it: a row of the dataset (arXiv 2412.10319, section 2).</summary>
/// <param name="Id">Its number.</param>
/// <param name="Context">The text that every question is about.</param>
/// <param name="Turns">The questions, in the order in which they are asked.</param>
internal sealed record SharedContext(long Id, string Context, IReadOnlyList<ContextTurn> Turns)
{
    /// <summary>The numbers that the context was stored as, where it was no text; <see cref="Context"/> is then "[1, 2, 3]".</summary>
    public IReadOnlyList<long>? Numbers { get; init; }

    /// <summary>Which of a dataset's tasks the row is from, where that differs between rows.</summary>
    public string? Task { get; init; }

    /// <summary>The programming language of a context that is code.</summary>
    public string? Language { get; init; }

    /// <summary>The repository that a context of code is from.</summary>
    public string? Repository { get; init; }
}

/// <summary>One question on a shared context.</summary>
/// <param name="Input">The question.</param>
/// <param name="Answer">What should be answered.</param>
internal sealed record ContextTurn(string Input, GoldAnswer Answer)
{
    /// <summary>The texts to choose from; null where the answer is free.</summary>
    public IReadOnlyList<string>? Options { get; init; }

    /// <summary>Which task this turn is from, where turns of several alternate.</summary>
    public string? Task { get; init; }

    /// <summary>The name of the function that is asked for.</summary>
    public string? Function { get; init; }
}
