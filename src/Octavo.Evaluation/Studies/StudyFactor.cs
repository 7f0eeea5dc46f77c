namespace Octavo.Evaluation.Studies;

/// <summary>One thing that a study varies.</summary>
/// <param name="Name">As rows, selections and pages have it.</param>
/// <param name="Values">In the order in which pages show them.</param>
/// <param name="SharesSamples">
/// Whether sample i is about the same thing under every value: true of methods, budgets and turns of one context, false of tasks. Differences
/// are paired sample by sample where it is.
/// </param>
internal sealed record StudyFactor(string Name, IReadOnlyList<string> Values, bool SharesSamples = true);
