using Octavo.Core;

namespace Octavo.Engine.Benchmarks;

/// <summary>
/// Loops that do one thing as fast as an instruction set can: read memory, multiply and add in fp32, multiply and add bytes. They have
/// no use but to be timed; what they return depends on all of their work, so that none of it can be left out.
/// </summary>
internal abstract unsafe class PeakKernels
{
    /// <summary>Reads are of a multiple of this many bytes.</summary>
    public const int ReadStep = 256;

    /// <summary>Bytes that <see cref="Dot"/> works on: they stay in the first cache.</summary>
    public const int DotBytes = 4096;

    protected const string Vnni = "vnni";
    protected const string ShortSums = "16-bit sums";

    /// <summary>How far ahead reads are prefetched.</summary>
    protected const int Ahead = 2048;

    /// <summary>fp32 operations of one round of <see cref="MultiplyAdd"/>.</summary>
    public abstract double FloatOperations { get; }

    /// <summary>Operations of one round of <see cref="Dot"/>; a product and its addition are two.</summary>
    public abstract double IntegerOperations { get; }

    /// <summary>How <see cref="Dot"/> multiplies and adds.</summary>
    public abstract string IntegerForm { get; }

    /// <summary>Reads memory once, from its first byte to its last.</summary>
    /// <param name="data">64-byte aligned.</param>
    /// <param name="bytes">A multiple of <see cref="ReadStep"/>.</param>
    public abstract long Read(byte* data, nint bytes);

    /// <summary>Multiplies and adds in as many independent chains as the processor can have under way.</summary>
    public abstract float MultiplyAdd(int rounds);

    /// <summary>Multiplies bytes with bytes and adds the products up.</summary>
    /// <param name="data"><see cref="DotBytes"/> small numbers, 64-byte aligned.</param>
    /// <param name="rounds">How often.</param>
    public abstract int Dot(byte* data, int rounds);

    /// <summary>The loops of an instruction set.</summary>
    /// <param name="instructionSet">The name that kernels have.</param>
    public static PeakKernels Of(string instructionSet) => instructionSet switch
    {
        "avx512" => new Avx512Peak(),
        "avx2" => new Avx2Peak(),
        "v128" => new PortablePeak(),
        "scalar" => new ScalarPeak(),
        _ => throw new UnsupportedException($"The limits of '{instructionSet}' cannot be measured yet; those of avx512, avx2, v128 and scalar can."),
    };
}
