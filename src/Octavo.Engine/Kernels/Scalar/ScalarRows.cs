using Octavo.Core.Tensors;

namespace Octavo.Engine.Kernels;

/// <summary>Stored rows, one number at a time.</summary>
internal static unsafe class ScalarRows
{
    /// <summary>Whether a type is blocks of 32 whole numbers with one scale and at most one minimum.</summary>
    public static bool HasBlocks(TensorType type) =>
        type is TensorType.Q4_0 or TensorType.Q4_1 or TensorType.Q5_0 or TensorType.Q5_1 or TensorType.Q8_0;

    /// <summary>A block's 32 numbers n, its scale d and its minimum m: the weights are d·n + m.</summary>
    public static void Unpack(TensorType type, byte* block, short* numbers, out float d, out float m)
    {
        d = Fp16.ToFloat(*(ushort*)block);
        m = type is TensorType.Q4_1 or TensorType.Q5_1 ? Fp16.ToFloat(*(ushort*)(block + 2)) : 0;
        for (var i = 0; i < 32; i++)
        {
            numbers[i] = type switch
            {
                TensorType.Q4_0 => (short)(Nibble(block + 2, i) - 8),
                TensorType.Q4_1 => (short)Nibble(block + 4, i),
                TensorType.Q5_0 => (short)((Nibble(block + 6, i) | Fifth(block + 2, i)) - 16),
                TensorType.Q5_1 => (short)(Nibble(block + 8, i) | Fifth(block + 4, i)),
                _ => (sbyte)block[2 + i],
            };
        }
    }

    /// <summary>Turns a row into fp32.</summary>
    public static void Expand(TensorType type, byte* row, long rowBytes, int columns, float* y)
    {
        switch (type)
        {
            case TensorType.F32:
                new ReadOnlySpan<float>(row, columns).CopyTo(new Span<float>(y, columns));
                break;
            case TensorType.F16:
                for (var k = 0; k < columns; k++)
                    y[k] = Fp16.ToFloat(((ushort*)row)[k]);
                break;
            case TensorType.BF16:
                for (var k = 0; k < columns; k++)
                    y[k] = BitConverter.Int32BitsToSingle(((ushort*)row)[k] << 16);
                break;
            case var _ when HasBlocks(type):
                ExpandBlocks(type, row, columns, y);
                break;
            default:
                Dequantizer.ToFloat(type, new ReadOnlySpan<byte>(row, checked((int)rowBytes)), new Span<float>(y, columns));
                break;
        }
    }

    private static void ExpandBlocks(TensorType type, byte* row, int columns, float* y)
    {
        var numbers = stackalloc short[32];
        for (var k = 0; k < columns; k += 32, row += type.BlockBytes())
        {
            Unpack(type, row, numbers, out var d, out var m);
            for (var i = 0; i < 32; i++)
                y[k + i] = (d * numbers[i]) + m;
        }
    }

    private static int Nibble(byte* nibbles, int i) => i < 16 ? nibbles[i] & 15 : nibbles[i - 16] >> 4;

    private static int Fifth(byte* bits, int i) => ((bits[i / 8] >> (i % 8)) & 1) << 4;
}
