using Octavo.Core;

namespace Octavo.Systems.ScBench.Prompts;

/// <summary>Leaves out the middle of a prompt that is too long: instruction and question stand at its ends.</summary>
internal static class Truncation
{
    /// <summary>The first and the last half of <paramref name="most"/> tokens, each rounded down; the whole prompt where it is no
    /// longer than that.</summary>
    public static IReadOnlyList<int> Middle(IReadOnlyList<int> ids, int most)
    {
        if (ids.Count <= most)
            return ids;
        var half = most / 2;
        return [.. ids.Take(half), .. ids.Skip(ids.Count - half)];
    }

    /// <summary>
    /// How many tokens the first prompt may have: what the limits of all answers leave free. Of a mixture it is the sum of its
    /// parts' limits times half the turns, as if each part had that many.
    /// </summary>
    /// <exception cref="ConfigException">They leave less than two tokens.</exception>
    public static int Most(TaskRules rules, PromptOptions options, int turns)
    {
        var answers = options.MaxNewTokens * turns
            ?? (rules.Parts.Count == 0 ? rules.MaxNewTokens * turns : rules.Parts.Sum(part => part.MaxNewTokens) * turns / 2);
        var reserve = options.Mode == ContextMode.MultiRequest ? options.RequestReserve : 0;
        var most = options.MaxLength - answers - reserve;
        return most >= 2
            ? most
            : throw new ConfigException(
                $"{options.MaxLength} tokens leave no room for a prompt: {turns} answers of '{rules.Name}' take {answers}, "
                + $"questions {reserve}. Allow a longer one.");
    }
}
