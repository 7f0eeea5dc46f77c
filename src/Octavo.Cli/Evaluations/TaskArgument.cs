using Octavo.Core;
using Octavo.Evaluation.Tasks;

namespace Octavo.Cli.Evaluations;

/// <summary>The tasks that <c>--tasks</c> names.</summary>
internal static class TaskArgument
{
    /// <summary>Makes the tasks that were named.</summary>
    /// <param name="list">Names with commas between them.</param>
    /// <param name="steps">Equations of a word problem; null mixes them.</param>
    /// <exception cref="ConfigException">A name is unknown or given twice, or steps belong to none of them.</exception>
    public static IReadOnlyList<EvaluationTask> Read(string? list, int? steps)
    {
        if (list is null)
            throw new ConfigException($"no task was given; give --tasks with some of {string.Join(", ", EvaluationTasks.Names)}.");
        var names = list.Split(',', StringSplitOptions.TrimEntries);
        if (names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ConfigException($"--tasks names '{twice.Key}' twice; name it once.");
        if (steps is < 1 or > 3)
            throw new ConfigException($"--steps is {steps}; give 1, 2 or 3.");
        if (steps is not null && !names.Contains(EvaluationTasks.Gsm))
            throw new ConfigException("--steps belongs to gsm-like, which --tasks does not name; leave it out.");
        return [.. names.Select(name => EvaluationTasks.Of(name, steps))];
    }
}
