using Octavo.Core;
using Octavo.Evaluation.Procedural;
using Octavo.Evaluation.Tasks;

namespace Octavo.Cli.Evaluations;

/// <summary>The tasks by their names on the command line.</summary>
internal static class EvaluationTasks
{
    private static readonly string[] _names = ["gsm-like", "arc-like", "hellaswag-like", "ifeval-like", "english-nll"];

    /// <summary>Makes the tasks that were named.</summary>
    /// <param name="list">Names with commas between them.</param>
    /// <param name="steps">Equations of a word problem; null mixes them.</param>
    /// <exception cref="ConfigException">A name is unknown or given twice, or steps belong to none of them.</exception>
    public static IReadOnlyList<EvaluationTask> Read(string? list, int? steps)
    {
        if (list is null)
            throw new ConfigException($"no task was given; give --tasks with some of {string.Join(", ", _names)}.");
        var names = list.Split(',', StringSplitOptions.TrimEntries);
        if (names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ConfigException($"--tasks names '{twice.Key}' twice; name it once.");
        if (steps is < 1 or > 3)
            throw new ConfigException($"--steps is {steps}; give 1, 2 or 3.");
        if (steps is not null && !names.Contains("gsm-like"))
            throw new ConfigException("--steps belongs to gsm-like, which --tasks does not name; leave it out.");
        return [.. names.Select(name => Of(name, steps))];
    }

    private static EvaluationTask Of(string name, int? steps) => name switch
    {
        "gsm-like" => new GsmLikeEvaluation(steps ?? 0),
        "arc-like" => new ChoiceEvaluation(new ArcLike()),
        "hellaswag-like" => new ChoiceEvaluation(new HellaswagLike()),
        "ifeval-like" => new IfevalLikeEvaluation(),
        "english-nll" => new EnglishNllEvaluation(),
        _ => throw new ConfigException($"there is no task '{name}'.{Nearest.Hint(name, _names)} Tasks: {string.Join(", ", _names)}."),
    };
}
