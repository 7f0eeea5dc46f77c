namespace Octavo.Evaluation.Studies;

/// <summary>
/// When a cell counts: the same cell with other values, such as the full cache instead of a method, is better than guessing by a margin. Where
/// the model cannot do the task at all, methods cannot be told apart by it.
/// </summary>
/// <param name="Metric">A share that has a chance level.</param>
/// <param name="Reference">What makes a cell its reference, such as ("method", "full").</param>
/// <param name="Margin">Above chance, as a share.</param>
internal sealed record StudyQualification(string Metric, IReadOnlyList<(string Factor, string Value)> Reference, double Margin = 0.2)
{
    /// <summary>
    /// Factors whose values are judged each for itself, such as the task; over the others, and over seeds, the reference's cells are averaged. Null judges
    /// each combination.
    /// </summary>
    public IReadOnlyList<string>? Apart { get; init; }
}
