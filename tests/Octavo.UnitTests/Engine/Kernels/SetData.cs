using Octavo.Engine.Kernels;

namespace Octavo.UnitTests.Engine.Kernels;

/// <summary>The contract tests run over every set that this machine has.</summary>
internal static class SetData
{
    public static TheoryData<string> Names => [.. KernelSets.Available.Select(set => set.Name)];
}
