using Octavo.Core;

namespace Octavo.Systems.ScBench.Tasks;

/// <summary>What is to be made.</summary>
internal sealed record ContextOptions
{
    /// <summary>Any number; equal options with equal seeds give equal bytes.</summary>
    public ulong Seed { get; init; }

    /// <summary>How many contexts.</summary>
    public int Count { get; init; } = 1;

    /// <summary>The length to fill, in tokens: all turns with gold answers and the limits of all answers.</summary>
    public required int Tokens { get; init; }

    /// <summary>How many questions each context has; null: as the task says.</summary>
    public int? Turns { get; init; }

    /// <summary>Where each answer is cut; null: as the task says.</summary>
    public int? MaxNewTokens { get; init; }

    /// <summary>Refuses options that nothing can be made of.</summary>
    /// <exception cref="ConfigException">All that is wrong with them.</exception>
    public void Validate()
    {
        List<string> problems = [];
        if (Count < 1)
            problems.Add($"the count is {Count}; give at least 1");
        if (Tokens < 1)
            problems.Add($"the length is {Tokens} tokens; give at least 1");
        if (Turns < 1)
            problems.Add($"the number of turns is {Turns}; give at least 1");
        if (MaxNewTokens < 1)
            problems.Add($"the limit of an answer is {MaxNewTokens} tokens; give at least 1");
        if (problems.Count > 0)
            throw new ConfigException($"Contexts cannot be made: {string.Join("; ", problems)}.");
    }
}
