using Octavo.Core.Tensors;

namespace Octavo.UnitTests.Engine.Kernels;

/// <summary>Types of 256 columns, in double precision and as plainly as can be.</summary>
internal static class ReferenceSuper
{
    /// <summary>The scaled whole number c of a row, without its minimum.</summary>
    public static double Dequantize(TensorType type, ReadOnlySpan<byte> row, int c)
    {
        var block = row.Slice(c / 256 * type.BlockBytes(), type.BlockBytes());
        c %= 256;
        if (type == TensorType.Q6_K)
        {
            var low = block[(c / 128 * 64) + (c % 64)];
            var high = block[128 + (c / 128 * 32) + (c % 32)] >> (2 * (c % 128 / 32));
            var whole = (c % 128 < 64 ? low % 16 : low / 16) + (16 * (high % 4)) - 32;
            return (double)BitConverter.ToHalf(block[208..]) * (sbyte)block[192 + (c / 16)] * whole;
        }
        var halves = block[(type == TensorType.Q4_K ? 16 : 48)..];
        var number = halves[(c / 64 * 32) + (c % 32)];
        var four = c % 64 < 32 ? number % 16 : number / 16;
        var fifth = type == TensorType.Q5_K ? 16 * ((block[16 + (c % 32)] >> (c / 32)) & 1) : 0;
        return (double)BitConverter.ToHalf(block) * Factors(block[4..], c / 32).Scale * (four + fifth);
    }

    /// <summary>What is added to the scaled whole number c.</summary>
    public static double Minimum(TensorType type, ReadOnlySpan<byte> row, int c)
    {
        var block = row.Slice(c / 256 * type.BlockBytes(), type.BlockBytes());
        return type == TensorType.Q6_K ? 0 : -(double)BitConverter.ToHalf(block[2..]) * Factors(block[4..], c % 256 / 32).Minimum;
    }

    private static (int Scale, int Minimum) Factors(ReadOnlySpan<byte> s, int j) => j < 4
        ? (s[j] % 64, s[j + 4] % 64)
        : ((s[j + 4] % 16) + (16 * (s[j - 4] / 64)), (s[j + 4] / 16) + (16 * (s[j] / 64)));
}
