using Octavo.Evaluation.Studies;
using Octavo.Systems.ScBench.Studies;

namespace Octavo.Systems;

/// <summary>The studies of all systems: the one place that a new one is added to.</summary>
internal static class SystemStudies
{
    public static IReadOnlyList<Study> All { get; } = [new ToyStudy()];
}
