using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Octavo.Core;

namespace Octavo.Engine.Kernels;

/// <summary>The instruction sets of this machine.</summary>
internal static class KernelSets
{
    /// <summary>What this machine can run, best first; <c>scalar</c> is always there.</summary>
    public static IReadOnlyList<KernelSet> Available { get; } = Find();

    /// <summary>The set of that name, or the best one.</summary>
    /// <param name="forced"><c>avx512</c>, <c>avx2</c>, <c>v128</c> or <c>scalar</c>; null takes the best.</param>
    /// <exception cref="UnsupportedException">This machine, or this program where it was compiled ahead of time, has no such set.</exception>
    public static KernelSet Select(string? forced)
    {
        if (forced is null)
            return Available[0];
        foreach (var set in Available)
        {
            if (set.Name == forced)
                return set;
        }
        var names = string.Join(", ", Available.Select(set => set.Name));
        throw new UnsupportedException(RuntimeFeature.IsDynamicCodeCompiled
            ? $"Instruction set '{forced}' is not available on this machine; it has {names}. Give one of these, or none to take the first."
            : $"Instruction set '{forced}' is not in this program, which was compiled ahead of time for {Available[0].Name} and has {names}. "
                + "Give one of these, or none to take the first, or compile it for a higher IlcInstructionSet.");
    }

    private static List<KernelSet> Find()
    {
        List<KernelSet> sets = [];
        // not accelerated where 512-bit vectors slow the processor's clock down
        if (Avx512BW.IsSupported && Vector512.IsHardwareAccelerated)
            sets.Add(new Avx512Kernels());
        if (Avx2.IsSupported && Fma.IsSupported)
            sets.Add(new Avx2Kernels());
        if (Vector128.IsHardwareAccelerated)
            sets.Add(new PortableKernels());
        sets.Add(new ScalarKernels());
        return sets;
    }
}
