using Octavo.Engine;
using Octavo.Evaluation.Requests;
using Octavo.Evaluation.Running;
using Octavo.Evaluation.Tasks;
using Octavo.Training.Configuration;

namespace Octavo.Training.Recipes;

/// <summary>Tasks that the model of a run is asked while it is trained.</summary>
internal static class RunTasks
{
    private const string Split = "dev";
    private const ulong Seed = 0;
    private const int Together = 8;

    /// <summary>The tasks that a configuration names, with their samples.</summary>
    /// <exception cref="Core.OctavoException">There are not so many samples, or no text that they are made of.</exception>
    public static IReadOnlyList<(EvaluationTask Task, IReadOnlyList<EvaluationSample> Samples)> Read(ReportConfig reports) =>
    [
        .. reports.EvalTasks.Select(name => EvaluationTasks.Of(name, reports.EvalGsmEquations))
            .Select(task => (task, task.Samples(Split, reports.EvalTaskLimit, Seed))),
    ];

    /// <summary>Asks all of them.</summary>
    /// <param name="model">The model of the run, as it is now.</param>
    /// <param name="tasks">At least one.</param>
    /// <param name="cancellation">Looked at between tokens.</param>
    public static IReadOnlyList<TaskFigures> Ask(
        TrainingModel model, IReadOnlyList<(EvaluationTask Task, IReadOnlyList<EvaluationSample> Samples)> tasks, CancellationToken cancellation) =>
        RunEngine.Now(model, (engine, adapter) =>
        {
            var chat = model.Template is null ? null : new ChatPrompt(model.Template, model.Tokenizer);
            var run = new EvaluationRun(new EngineRunner(engine, Together, adapter, chat));
            return tasks.Select(asked => TaskFigures.Of(asked.Task, Split, run.Run(asked.Samples, null, cancellation), Seed)).ToList();
        });
}
