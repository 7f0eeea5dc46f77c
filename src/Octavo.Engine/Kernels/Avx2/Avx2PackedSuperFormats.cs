using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

internal readonly unsafe struct PackedQ4_K : IAvx2Packed
{
    public static int Bits => 4;
    public static int SuperBlocks => 8;
    public static int HeaderBytes => 32;
    public static int BlockBytes => 144;
    public static bool HasMin => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Quads(byte* block, int i, out Vector256<byte> low, out Vector256<byte> high) =>
        Avx2Quads.Four(block, i, out low, out high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Scales(byte* block, int half, Vector256<float> factor) => Avx2Quads.Bytes(block + 128) * factor;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Minima(byte* block, Vector256<float> factor) => Avx2Quads.Bytes(block + 136) * factor;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Factors(byte* header, out Vector256<float> scales, out Vector256<float> minima) =>
        Avx2Quads.ScaleAndMinimum(header, out scales, out minima);
}

internal readonly unsafe struct PackedQ5_K : IAvx2Packed
{
    public static int Bits => 5;
    public static int SuperBlocks => 8;
    public static int HeaderBytes => 32;
    public static int BlockBytes => 176;
    public static bool HasMin => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Quads(byte* block, int i, out Vector256<byte> low, out Vector256<byte> high) =>
        Avx2Quads.Five(block, i, out low, out high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Scales(byte* block, int half, Vector256<float> factor) => Avx2Quads.Bytes(block + 160) * factor;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Minima(byte* block, Vector256<float> factor) => Avx2Quads.Bytes(block + 168) * factor;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Factors(byte* header, out Vector256<float> scales, out Vector256<float> minima) =>
        Avx2Quads.ScaleAndMinimum(header, out scales, out minima);
}

internal readonly unsafe struct PackedQ6_K : IAvx2Packed
{
    public static int Bits => 6;
    public static int SuperBlocks => 8;
    public static int HeaderBytes => 16;
    public static int BlockBytes => 208;
    public static int ZeroShift => 5;
    public static bool HasHalves => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Quads(byte* block, int i, out Vector256<byte> low, out Vector256<byte> high) =>
        Avx2Quads.Six(block, i, out low, out high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Scales(byte* block, int half, Vector256<float> factor) =>
        Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32((sbyte*)(block + 192 + (8 * half)))) * factor;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Factors(byte* header, out Vector256<float> scales, out Vector256<float> minima)
    {
        scales = Avx2Quads.Halves(header);
        minima = default;
    }
}

/// <summary>The vectors of packed blocks.</summary>
internal static unsafe class Avx2Quads
{
    /// <summary>Asks for the lines of one block; a loop would cost more than the lines that are asked for twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch<TFormat>(byte* block) where TFormat : struct, IAvx2Packed
    {
        Sse.Prefetch0(block);
        Sse.Prefetch0(block + 64);
        if (TFormat.BlockBytes > 128)
            Sse.Prefetch0(block + 128);
        if (TFormat.BlockBytes > 192)
            Sse.Prefetch0(block + 192);
        if (TFormat.BlockBytes > 256)
            Sse.Prefetch0(block + 256);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Four(byte* block, int i, out Vector256<byte> low, out Vector256<byte> high)
    {
        var both = Vector256.Load(block + (32 * i));
        var mask = Vector256.Create((byte)0x0F);
        low = both & mask;
        high = Avx2.ShiftRightLogical(both.AsUInt16(), 4).AsByte() & mask;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Five(byte* block, int i, out Vector256<byte> low, out Vector256<byte> high)
    {
        Four(block, i, out low, out high);
        var fifth = Vector256.Load(block + 128).AsUInt16();
        var mask = Vector256.Create((byte)0x10);
        low |= (fifth << (4 - i)).AsByte() & mask;
        high |= (fifth >>> i).AsByte() & mask;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Six(byte* block, int i, out Vector256<byte> low, out Vector256<byte> high)
    {
        Four(block, i, out low, out high);
        low |= Fields(Vector256.Load(block + 128).AsUInt16(), i);
        high |= Fields(Vector256.Load(block + 160).AsUInt16(), i);
    }

    /// <summary>Eight fp16 numbers that are finite: whoever packs them refuses others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Halves(byte* halves)
    {
        // sign, exponent and fraction moved to where fp32 has them; the biases differ by 112
        var moved = Avx2.ShiftLeftLogical(Avx2.ConvertToVector256Int32((short*)halves), 13);
        return (moved & Vector256.Create(unchecked((int)0x8FFFE000))).AsSingle() * Vector256.Create(Fp16.Bias);
    }

    /// <summary>Eight bytes as numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Bytes(byte* bytes) => Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(bytes));

    /// <summary>Factors of scales, and of minima with their sign turned: those types subtract their minima.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ScaleAndMinimum(byte* header, out Vector256<float> scales, out Vector256<float> minima)
    {
        scales = Halves(header);
        minima = Vector256<float>.Zero - Halves(header + 16);
    }

    /// <summary>Two bits for quad i, moved to bits 4 and 5.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Fields(Vector256<ushort> bits, int i)
    {
        var moved = i switch
        {
            0 => Avx2.ShiftLeftLogical(bits, 4),
            1 => Avx2.ShiftLeftLogical(bits, 2),
            2 => bits,
            _ => Avx2.ShiftRightLogical(bits, 2),
        };
        return moved.AsByte() & Vector256.Create((byte)0x30);
    }
}
