using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Octavo.Core.Tensors;

namespace Octavo.Engine.Kernels;

/// <summary>Stored rows by 128-bit vectors.</summary>
internal static unsafe class PortableRows
{
    /// <summary>A block's 32 numbers n, its scale d and its minimum m: the weights are d·n + m.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(TensorType type, byte* block, short* numbers, out float d, out float m)
    {
        switch (type)
        {
            case TensorType.Q4_0:
                Nibbles(block + 2, 8, numbers);
                break;
            case TensorType.Q4_1:
                Nibbles(block + 4, 0, numbers);
                break;
            case TensorType.Q8_0:
                Bytes((sbyte*)(block + 2), numbers);
                break;
            default:
                ScalarRows.Unpack(type, block, numbers, out d, out m);
                return;
        }
        d = Fp16.ToFloat(*(ushort*)block);
        m = type == TensorType.Q4_1 ? Fp16.ToFloat(*(ushort*)(block + 2)) : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Nibbles(byte* nibbles, short offset, short* numbers)
    {
        var both = Vector128.Load(nibbles);
        var (low0, low1) = Vector128.Widen(both & Vector128.Create((byte)15));
        var (high0, high1) = Vector128.Widen(both >>> 4);
        var by = Vector128.Create(offset);
        (low0.AsInt16() - by).Store(numbers);
        (low1.AsInt16() - by).Store(numbers + 8);
        (high0.AsInt16() - by).Store(numbers + 16);
        (high1.AsInt16() - by).Store(numbers + 24);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Bytes(sbyte* bytes, short* numbers)
    {
        var (a, b) = Vector128.Widen(Vector128.Load(bytes));
        var (c, d) = Vector128.Widen(Vector128.Load(bytes + 16));
        a.Store(numbers);
        b.Store(numbers + 8);
        c.Store(numbers + 16);
        d.Store(numbers + 24);
    }

    /// <summary>Turns a row into fp32.</summary>
    public static void Expand(TensorType type, byte* row, long rowBytes, int columns, float* y)
    {
        switch (type)
        {
            case TensorType.F16: Halves((ushort*)row, columns, y); break;
            case TensorType.BF16: BFloats((ushort*)row, columns, y); break;
            case var _ when ScalarRows.HasBlocks(type): Blocks(type, row, columns / 32, y); break;
            default: ScalarRows.Expand(type, row, rowBytes, columns, y); break;
        }
    }

    private static void Blocks(TensorType type, byte* row, int blocks, float* y)
    {
        var numbers = stackalloc short[32];
        var blockBytes = type.BlockBytes();
        for (var b = 0; b < blocks; b++, row += blockBytes, y += 32)
        {
            Unpack(type, row, numbers, out var d, out var m);
            for (var i = 0; i < 32; i += 8)
            {
                var (low, high) = Vector128.Widen(Vector128.Load(numbers + i));
                ((Vector128.ConvertToSingle(low) * d) + Vector128.Create(m)).Store(y + i);
                ((Vector128.ConvertToSingle(high) * d) + Vector128.Create(m)).Store(y + i + 4);
            }
        }
    }

    private static void Halves(ushort* row, int columns, float* y)
    {
        var k = 0;
        for (; k + 8 <= columns; k += 8)
        {
            var (low, high) = Vector128.Widen(Vector128.Load(row + k));
            Half(low.AsInt32()).Store(y + k);
            Half(high.AsInt32()).Store(y + k + 4);
        }
        for (; k < columns; k++)
            y[k] = Fp16.ToFloat(row[k]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Half(Vector128<int> bits)
    {
        var moved = ((bits << 16) >> 3) & Vector128.Create(unchecked((int)0x8FFFE000));
        var top = Vector128.Create(0x0F800000);
        var special = Vector128.Equals(moved & top, top) & Vector128.Create(0x7F800000);
        return (moved.AsSingle() * Fp16.Bias) | special.AsSingle();
    }

    private static void BFloats(ushort* row, int columns, float* y)
    {
        var k = 0;
        for (; k + 8 <= columns; k += 8)
        {
            var (low, high) = Vector128.Widen(Vector128.Load(row + k));
            (low << 16).AsSingle().Store(y + k);
            (high << 16).AsSingle().Store(y + k + 4);
        }
        for (; k < columns; k++)
            y[k] = BitConverter.Int32BitsToSingle(row[k] << 16);
    }
}
