using System.Runtime.CompilerServices;

namespace Octavo.Engine.Kernels;

/// <summary>The scale of a block of activations, the same for every instruction set.</summary>
internal static class Rounding
{
    private const int Infinity = 0x7F800000;

    /// <summary>The largest number: 127 in one plane; in two, 256·127, so that the high byte stays within 127.</summary>
    public static float Largest(int planes) => planes == 1 ? 127 : 127 * 256;

    /// <summary>d = max|x| / largest and its inverse; 0 and 0 for a block of zeros, NaN and 0 where a number is not finite.</summary>
    /// <param name="top">The bits of max|x|.</param>
    /// <param name="largest">The largest number.</param>
    /// <param name="inverse">What the numbers are multiplied with before they are rounded.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(int top, float largest, out float inverse)
    {
        inverse = 0;
        if (top == 0)
            return 0;
        if (top >= Infinity)
            return float.NaN;
        // not below the smallest normal number, whose inverse is finite
        var d = MathF.Max(BitConverter.Int32BitsToSingle(top) / largest, 1.17549435e-38f);
        inverse = 1 / d;
        return d;
    }
}
