using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

/// <summary>
/// A stored block of 32 numbers whose first two bytes are its fp16 scale (and the next two its minimum, where it has one).
/// The members are inlined into the kernels, which the JIT specialises per format.
/// </summary>
internal unsafe interface IAvx2Format
{
    /// <summary>Bytes per block.</summary>
    static abstract int BlockBytes { get; }

    /// <summary>Whether a minimum is added to each number.</summary>
    static abstract bool HasMin { get; }

    /// <summary>The 32 numbers, what stands for zero subtracted.</summary>
    static abstract Vector256<sbyte> Bytes(byte* block);
}

internal readonly unsafe struct Q4_0Format : IAvx2Format
{
    public static int BlockBytes => 18;

    public static bool HasMin => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> Bytes(byte* block) => Avx2Nibbles.Bytes(block + 2) - Vector256.Create((sbyte)8);
}

internal readonly unsafe struct Q4_1Format : IAvx2Format
{
    public static int BlockBytes => 20;

    public static bool HasMin => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> Bytes(byte* block) => Avx2Nibbles.Bytes(block + 4);
}

internal readonly unsafe struct Q5_0Format : IAvx2Format
{
    public static int BlockBytes => 22;

    public static bool HasMin => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> Bytes(byte* block) =>
        (Avx2Nibbles.Bytes(block + 6) | Avx2Nibbles.FifthBits(block + 2)) - Vector256.Create((sbyte)16);
}

internal readonly unsafe struct Q5_1Format : IAvx2Format
{
    public static int BlockBytes => 24;

    public static bool HasMin => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> Bytes(byte* block) => Avx2Nibbles.Bytes(block + 8) | Avx2Nibbles.FifthBits(block + 4);
}

internal readonly unsafe struct Q8_0Format : IAvx2Format
{
    public static int BlockBytes => 34;

    public static bool HasMin => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> Bytes(byte* block) => Vector256.Load((sbyte*)(block + 2));
}

/// <summary>Sixteen bytes hold 32 numbers of 4 bits: the low halves are numbers 0…15, the high halves 16…31.</summary>
internal static unsafe class Avx2Nibbles
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> Bytes(byte* nibbles)
    {
        var twice = Avx2.BroadcastVector128ToVector256(nibbles).AsUInt32();
        return (Avx2.ShiftRightLogicalVariable(twice, Vector256.Create(0u, 0, 0, 0, 4, 4, 4, 4)) & Vector256.Create(0x0F0F0F0Fu)).AsSByte();
    }

    /// <summary>Bit i of four bytes as 16 in byte i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> FifthBits(byte* bits)
    {
        var spread = Avx2.Shuffle(
            Vector256.Create(*(uint*)bits).AsByte(),
            Vector256.Create(0x0000000000000000UL, 0x0101010101010101UL, 0x0202020202020202UL, 0x0303030303030303UL).AsByte());
        var select = Vector256.Create(0x8040201008040201UL).AsByte();
        return (Avx2.CompareEqual(spread & select, select) & Vector256.Create((byte)16)).AsSByte();
    }
}
