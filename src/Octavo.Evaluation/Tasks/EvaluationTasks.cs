using Octavo.Core;
using Octavo.Evaluation.Procedural;

namespace Octavo.Evaluation.Tasks;

/// <summary>The tasks by their names.</summary>
internal static class EvaluationTasks
{
    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [Gsm, "arc-like", "hellaswag-like", "ifeval-like", "english-nll"];

    /// <summary>The one whose problems have a number of equations.</summary>
    public const string Gsm = "gsm-like";

    /// <summary>Makes a task.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="equations">Equations of a word problem, 1 to 3; null mixes them. Other tasks have none.</param>
    /// <exception cref="ConfigException">The name is unknown.</exception>
    public static EvaluationTask Of(string name, int? equations) => name switch
    {
        Gsm => new GsmLikeEvaluation(equations ?? 0),
        "arc-like" => new ChoiceEvaluation(new ArcLike()),
        "hellaswag-like" => new ChoiceEvaluation(new HellaswagLike()),
        "ifeval-like" => new IfevalLikeEvaluation(),
        "english-nll" => new EnglishNllEvaluation(),
        _ => throw new ConfigException($"there is no task '{name}'.{Nearest.Hint(name, Names)} Tasks: {string.Join(", ", Names)}."),
    };
}
