using System.Runtime.CompilerServices;
using Octavo.Engine.Kernels;

namespace Octavo.Engine;

/// <summary>The instruction sets that the engine has kernels for and this machine can run.</summary>
public static class InstructionSets
{
    /// <summary>Their names, best first: <c>avx512</c>, <c>avx2</c>, <c>v128</c>, <c>scalar</c>. The first is taken unless another is asked for.</summary>
    public static IReadOnlyList<string> Available { get; } = [.. KernelSets.Available.Select(set => set.Name)];

    /// <summary>
    /// The best set that this program was compiled for ahead of time; one above it is not in the program, whatever the processor has.
    /// Null where kernels are compiled at run time, for the processor that is there.
    /// </summary>
    public static string? CompiledFor => RuntimeFeature.IsDynamicCodeCompiled ? null : Available[0];
}
