using System.Runtime.CompilerServices;

namespace Octavo.Engine.Kernels;

/// <summary>fp16 without the call that a conversion from <see cref="Half"/> costs.</summary>
internal static class Fp16
{
    /// <summary>2^112: between the exponent biases of fp32 and fp16.</summary>
    public const float Bias = 5.192296858534828e33f;

    /// <summary>The number with these bits, exactly; subnormals, infinities and NaN included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToFloat(ushort bits)
    {
        var moved = ((bits & 0x7FFF) << 13) | ((bits & 0x8000) << 16);
        var number = BitConverter.Int32BitsToSingle(moved) * Bias;
        return (bits & 0x7C00) == 0x7C00
            ? BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(number) | 0x7F800000)
            : number;
    }
}
