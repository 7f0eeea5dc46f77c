using Octavo.Engine.Kernels;

namespace Octavo.Engine;

/// <summary>The instruction sets that the engine has kernels for and this machine can run.</summary>
public static class InstructionSets
{
    /// <summary>Their names, best first: <c>avx512</c>, <c>avx2</c>, <c>v128</c>, <c>scalar</c>. The first is taken unless another is asked for.</summary>
    public static IReadOnlyList<string> Available { get; } = [.. KernelSets.Available.Select(set => set.Name)];
}
