using Octavo.Core;
using Octavo.Core.Tensors;

namespace Octavo.UnitTests.Engine.Kernels;

/// <summary>What the kernels must compute, in double precision and as plainly as can be.</summary>
internal static class Reference
{
    /// <summary>Half the distance between 1 and the next float.</summary>
    public const double Unit = 1.0 / (1 << 24);

    public static readonly TensorType[] PackedTypes =
    [
        TensorType.Q4_0, TensorType.Q4_1, TensorType.Q5_0, TensorType.Q5_1, TensorType.Q8_0, TensorType.Q4_K, TensorType.Q5_K, TensorType.Q6_K,
    ];

    /// <summary>Packed types with one scale per block of 32.</summary>
    public static readonly TensorType[] BlockTypes = PackedTypes[..5];

    public static readonly TensorType[] DenseTypes = [TensorType.F32, TensorType.F16, TensorType.BF16];

    /// <summary>Number c of a stored row.</summary>
    public static double Dequantize(TensorType type, ReadOnlySpan<byte> row, int c)
    {
        switch (type)
        {
            case TensorType.F32: return BitConverter.ToSingle(row[(4 * c)..]);
            case TensorType.F16: return (double)BitConverter.ToHalf(row[(2 * c)..]);
            case TensorType.BF16: return BitConverter.UInt32BitsToSingle((uint)BitConverter.ToUInt16(row[(2 * c)..]) << 16);
            default: break;
        }
        if (type.BlockLength() == 256)
            return ReferenceSuper.Dequantize(type, row, c) + ReferenceSuper.Minimum(type, row, c);
        var block = row.Slice(c / 32 * type.BlockBytes(), type.BlockBytes());
        var scale = (double)BitConverter.ToHalf(block);
        var minimum = type is TensorType.Q4_1 or TensorType.Q5_1 ? (double)BitConverter.ToHalf(block[2..]) : 0;
        return (scale * Whole(type, block, c % 32)) + minimum;
    }

    /// <summary>The whole number i of a block.</summary>
    public static int Whole(TensorType type, ReadOnlySpan<byte> block, int i) => type switch
    {
        TensorType.Q4_0 => Low4(block[2..], i) - 8,
        TensorType.Q4_1 => Low4(block[4..], i),
        TensorType.Q5_0 => Low4(block[6..], i) + Bit5(block[2..], i) - 16,
        TensorType.Q5_1 => Low4(block[8..], i) + Bit5(block[4..], i),
        TensorType.Q8_0 => (sbyte)block[2 + i],
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "has no blocks of 32"),
    };

    /// <summary>What is added to the scaled whole number.</summary>
    public static double Minimum(TensorType type, ReadOnlySpan<byte> row, int c) => type switch
    {
        TensorType.Q4_1 or TensorType.Q5_1 => (double)BitConverter.ToHalf(row[((c / 32 * type.BlockBytes()) + 2)..]),
        TensorType.Q4_K or TensorType.Q5_K => ReferenceSuper.Minimum(type, row, c),
        _ => 0,
    };

    public static float[] Gaussians(int n, ulong seed, double scale = 1)
    {
        var random = new SeededRandom(seed);
        var numbers = new float[n];
        foreach (ref var number in numbers.AsSpan())
            number = (float)(scale * random.NextGaussian());
        return numbers;
    }

    private static int Low4(ReadOnlySpan<byte> nibbles, int i) => i < 16 ? nibbles[i] % 16 : nibbles[i - 16] / 16;

    private static int Bit5(ReadOnlySpan<byte> bits, int i) => 16 * ((BitConverter.ToInt32(bits) >> i) & 1);
}
