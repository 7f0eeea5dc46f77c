using Octavo.Core.Store;

namespace Octavo.Evaluation.Studies;

/// <summary>A study that the command line knows by its name.</summary>
internal abstract class Study
{
    /// <summary>As its plan has it.</summary>
    public abstract string Name { get; }

    /// <summary>One line.</summary>
    public abstract string Summary { get; }

    /// <summary>What it runs, measures and claims. Loads nothing large: a report needs it too.</summary>
    public abstract StudyPlan Plan(StudyHost host);

    /// <summary>Gets ready to run cells, such as by loading a model; disposed when the run ends.</summary>
    public abstract IStudyBench Open(StudyHost host);
}

/// <summary>Runs the cells of a study.</summary>
internal interface IStudyBench : IDisposable
{
    /// <summary>Runs cells that share work, as <see cref="StudyRunner.RunGroups"/> asks for it.</summary>
    IEnumerable<StudyResult> Run(IReadOnlyList<StudyCell> cells, CancellationToken cancellationToken);
}

/// <summary>What a study may use.</summary>
/// <param name="Models">Where models are.</param>
/// <param name="Note">Says a line to the user.</param>
/// <param name="Threads">For the engine; null takes its default.</param>
internal sealed record StudyHost(ModelStore Models, Action<string> Note, int? Threads);
