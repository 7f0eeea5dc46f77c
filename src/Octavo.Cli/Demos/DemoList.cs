using Octavo.Systems;
using Octavo.Systems.ScBench.Demo;

namespace Octavo.Cli.Demos;

/// <summary>Every demonstration: the one place that a new one is added to.</summary>
internal static class DemoList
{
    public static IReadOnlyList<IDemo> All { get; } = [new ToyDemo()];
}
