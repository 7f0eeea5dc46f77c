using Octavo.Core;
using Octavo.Systems.ScBench.Data;
using Octavo.Systems.ScBench.Prompts;

namespace Octavo.Systems.ScBench.Tasks;

/// <summary>A context that was made.</summary>
/// <param name="Context">The context.</param>
/// <param name="Size">How many of the task's units it has.</param>
/// <param name="Tokens">Its length: all turns with gold answers and the limits of all answers.</param>
internal sealed record MadeContext(SharedContext Context, int Size, int Tokens);

/// <summary>
/// Makes contexts that fill a length for a tokenizer: never above it and at most 2 % below. The size is found by bisection on the
/// tokens of the whole conversation. Where a unit is longer than the 2 %, other draws of the same row are tried, in order, until
/// one fits.
/// </summary>
/// <param name="task">What is made.</param>
/// <param name="prompts">How it becomes tokens.</param>
internal sealed class ContextGenerator(SyntheticTask task, PromptBuilder prompts)
{
    private const int Attempts = 400;

    private readonly TaskRules _rules = TaskRules.Of(task.Name);

    /// <summary>Makes contexts, one after another, with ids from 0.</summary>
    /// <exception cref="ConfigException">The length is too short for the task, or no draw comes near enough.</exception>
    public IEnumerable<MadeContext> Make(ContextOptions options, CancellationToken cancellationToken = default)
    {
        options.Validate();
        return Rows(options, cancellationToken);
    }

    private IEnumerable<MadeContext> Rows(ContextOptions options, CancellationToken cancellationToken)
    {
        var turns = options.Turns ?? _rules.MaxTurns;
        // neighbours are about as large: each search starts where the one before ended
        var size = task.MinSize(turns);
        for (var id = 0; id < options.Count; id++)
        {
            var made = Row(options, id, turns, size, cancellationToken);
            size = made.Size;
            if (task.Problem(made.Context) is { } problem)
                throw new InvalidOperationException($"{task.Name} {id} of seed {options.Seed} does not verify: {problem}");
            yield return made;
        }
    }

    private MadeContext Row(ContextOptions options, int id, int turns, int size, CancellationToken cancellationToken)
    {
        var least = options.Tokens - (options.Tokens / 50);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            MadeContext Of(int units)
            {
                var context = task.Make(options.Seed, id, attempt, units, turns);
                return new MadeContext(context, units, Length(context, options, turns));
            }
            var largest = Largest(Of, task.MinSize(turns), size, options.Tokens);
            if (largest is null && attempt == 0)
                throw new ConfigException(
                    $"{options.Tokens} tokens are too few for '{task.Name}' with {turns} turns: "
                    + $"its smallest context takes {Of(task.MinSize(turns)).Tokens}. Ask for more tokens, fewer turns or shorter answers.");
            if (largest is null)
                continue;
            if (largest.Tokens >= least)
                return largest;
            size = largest.Size;
        }
        throw new ConfigException(
            $"None of {Attempts} draws of '{task.Name}' comes within 2 % below {options.Tokens} tokens, since its {task.Unit} "
            + "are too long for that. Ask for more tokens.");
    }

    private int Length(SharedContext context, ContextOptions options, int turns) => prompts.Build(context, _rules, new PromptOptions
    {
        MaxTurns = turns,
        MaxNewTokens = options.MaxNewTokens,
        // nothing is left out of what is measured
        MaxLength = int.MaxValue,
    }).Length(ContextMode.MultiTurn);

    // the largest context that fits; null where the smallest does not
    private static MadeContext? Largest(Func<int, MadeContext> make, int least, int start, int tokens)
    {
        var fits = make(start);
        if (fits.Tokens > tokens && start > least)
            fits = make(least);
        if (fits.Tokens > tokens)
            return null;
        var step = 1;
        MadeContext beyond;
        while ((beyond = make(fits.Size + step)).Tokens <= tokens)
        {
            fits = beyond;
            step *= 2;
        }
        var over = beyond.Size;
        while (over - fits.Size > 1)
        {
            var middle = make((fits.Size + over) / 2);
            if (middle.Tokens <= tokens)
                fits = middle;
            else
                over = middle.Size;
        }
        return fits;
    }
}
