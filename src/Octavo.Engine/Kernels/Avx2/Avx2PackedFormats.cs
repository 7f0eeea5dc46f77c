using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Octavo.Engine.Kernels;

/// <summary>
/// Reads a packed block; <see cref="PackedFormat"/> says how it lies. The members are inlined into the kernels, which the JIT
/// specialises per format.
/// </summary>
internal unsafe interface IAvx2Packed
{
    static abstract int Bits { get; }
    static abstract int BlockBytes { get; }
    static virtual int SuperBlocks => 1;
    static virtual int HeaderBytes => 0;
    static virtual int ZeroShift => 0;
    static virtual bool HasMin => false;
    static virtual bool HasHalves => false;

    /// <summary>Quad i of each half: columns 4i… and 16 + 4i… of eight rows, i in 0…3.</summary>
    static abstract void Quads(byte* block, int i, out Vector256<byte> low, out Vector256<byte> high);

    /// <summary>Eight rows' scales of a half.</summary>
    static abstract Vector256<float> Scales(byte* block, int half, Vector256<float> factor);

    /// <summary>Eight rows' minima, where the type has them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static virtual Vector256<float> Minima(byte* block, Vector256<float> factor) => default;

    /// <summary>Eight rows' factors for scales and for minima, from the header where there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static virtual void Factors(byte* header, out Vector256<float> scales, out Vector256<float> minima) => scales = minima = default;
}

internal readonly unsafe struct PackedQ4_0 : IAvx2Packed
{
    public static int Bits => 4;
    public static int BlockBytes => 144;
    public static int ZeroShift => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Quads(byte* block, int i, out Vector256<byte> low, out Vector256<byte> high) =>
        Avx2Quads.Four(block, i, out low, out high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Scales(byte* block, int half, Vector256<float> factor) => Avx2Quads.Halves(block + 128);
}

internal readonly unsafe struct PackedQ4_1 : IAvx2Packed
{
    public static int Bits => 4;
    public static int BlockBytes => 160;
    public static bool HasMin => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Quads(byte* block, int i, out Vector256<byte> low, out Vector256<byte> high) =>
        Avx2Quads.Four(block, i, out low, out high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Scales(byte* block, int half, Vector256<float> factor) => Avx2Quads.Halves(block + 128);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Minima(byte* block, Vector256<float> factor) => Avx2Quads.Halves(block + 144);
}

internal readonly unsafe struct PackedQ5_0 : IAvx2Packed
{
    public static int Bits => 5;
    public static int BlockBytes => 176;
    public static int ZeroShift => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Quads(byte* block, int i, out Vector256<byte> low, out Vector256<byte> high) =>
        Avx2Quads.Five(block, i, out low, out high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Scales(byte* block, int half, Vector256<float> factor) => Avx2Quads.Halves(block + 160);
}

internal readonly unsafe struct PackedQ5_1 : IAvx2Packed
{
    public static int Bits => 5;
    public static int BlockBytes => 192;
    public static bool HasMin => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Quads(byte* block, int i, out Vector256<byte> low, out Vector256<byte> high) =>
        Avx2Quads.Five(block, i, out low, out high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Scales(byte* block, int half, Vector256<float> factor) => Avx2Quads.Halves(block + 160);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Minima(byte* block, Vector256<float> factor) => Avx2Quads.Halves(block + 176);
}

internal readonly unsafe struct PackedQ8_0 : IAvx2Packed
{
    public static int Bits => 8;
    public static int BlockBytes => 272;
    public static int ZeroShift => 7;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Quads(byte* block, int i, out Vector256<byte> low, out Vector256<byte> high)
    {
        low = Vector256.Load(block + (32 * i));
        high = Vector256.Load(block + 128 + (32 * i));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Scales(byte* block, int half, Vector256<float> factor) => Avx2Quads.Halves(block + 256);
}
