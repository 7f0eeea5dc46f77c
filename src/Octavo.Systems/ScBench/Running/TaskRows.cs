using Octavo.Core;
using Octavo.Systems.ScBench.Data;
using Octavo.Systems.ScBench.Prompts;
using Octavo.Systems.ScBench.Tasks;
using Octavo.Systems.ScBench.Toy;

namespace Octavo.Systems.ScBench.Running;

/// <summary>Rows of any task that can be made: those that fill a length, and the toy's, whose size is fixed.</summary>
internal static class TaskRows
{
    private const int UsualTokens = 2000;

    /// <summary>The names of all of them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. SyntheticTasks.All.Select(task => task.Name), ToyTask.Name];

    /// <summary>Makes rows.</summary>
    /// <param name="task">The task's name.</param>
    /// <param name="prompts">How rows become tokens, which their length is counted in.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="tokens">The length to fill; null for 2000, or for what the task fixes.</param>
    /// <param name="turns">Questions on each; null: as the task says.</param>
    /// <param name="maxNewTokens">Where answers will be cut, which their length counts; null: as the task says.</param>
    /// <param name="cancellationToken">Looked at between draws.</param>
    /// <exception cref="ConfigException">There is no such task, the length is too short, or the toy's is given.</exception>
    public static IEnumerable<SharedContext> Make(
        string task, PromptBuilder prompts, ulong seed, int count, int? tokens, int? turns, int? maxNewTokens = null,
        CancellationToken cancellationToken = default)
    {
        if (task != ToyTask.Name)
        {
            var options = new ContextOptions { Seed = seed, Count = count, Tokens = tokens ?? UsualTokens, Turns = turns, MaxNewTokens = maxNewTokens };
            return new ContextGenerator(SyntheticTasks.Of(task), prompts).Make(options, cancellationToken).Select(made => made.Context);
        }
        if (tokens is not null)
            throw new ConfigException($"'{task}' has {ToyTask.MostPairs} pairs always, so that its length cannot be chosen; leave it out.");
        if (count < 1)
            throw new ConfigException($"Contexts cannot be made: the count is {count}; give at least 1.");
        if (turns is < 1 or > ToyTask.MostTurns)
            throw new ConfigException($"Contexts cannot be made: the number of turns is {turns}; '{task}' takes 1 to {ToyTask.MostTurns}.");
        return Enumerable.Range(0, count).Select(id => ToyTask.Make(seed, id, turns: turns ?? TaskRules.Of(task).MaxTurns));
    }
}
