using Octavo.Core;
using Octavo.Engine.Running;

namespace Octavo.Engine;

/// <summary>How sequences share the passes of a batch.</summary>
public sealed record BatchOptions
{
    /// <summary>The most sequences at once, 1 to 64.</summary>
    public int MaxSequences { get; init; } = 32;

    /// <summary>
    /// The most rows of prompts in a step that other sequences decode in: it bounds how long they wait for their next token.
    /// Where nobody decodes, prompts take the whole block of 128 rows.
    /// </summary>
    public int PromptRows { get; init; } = 32;

    /// <summary>Checks all values and reports every problem at once.</summary>
    /// <exception cref="ConfigException">One line per problem.</exception>
    public void Validate()
    {
        List<string> problems = [];
        if (MaxSequences is < 1 or > ForwardPass.BlockRows / 2)
            problems.Add($"the most sequences is {MaxSequences}; give 1 to {ForwardPass.BlockRows / 2}.");
        if (PromptRows is < 1 or > ForwardPass.BlockRows / 2)
            problems.Add($"prompt rows is {PromptRows}; give 1 to {ForwardPass.BlockRows / 2}.");
        if (problems.Count > 0)
            throw new ConfigException(string.Join('\n', problems));
    }
}
