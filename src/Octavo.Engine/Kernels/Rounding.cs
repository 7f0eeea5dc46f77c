using System.Runtime.CompilerServices;

namespace Octavo.Engine.Kernels;

/// <summary>The scale of a block of activations, the same for every instruction set.</summary>
internal static class Rounding
{
    /// <summary>The largest whole number of a block of 8 bits.</summary>
    public const float Byte = 127;

    /// <summary>The largest whole number of two planes: 256·127, so that the high byte stays within 127.</summary>
    public const float Word = 256 * 127;

    /// <summary>
    /// A block whose largest magnitude is beyond so many times its row's root mean square keeps 16 bits where 8 were asked for: one such number
    /// would leave the others of its block a few steps only. See docs/log.md for what other limits give.
    /// </summary>
    public const float Outlier = 12;

    /// <summary>The smallest scale, 256 times the smallest normal number: it can be divided by 256, and its inverse is finite.</summary>
    public const float Smallest = 256 * 1.17549435e-38f;

    private const int Infinity = 0x7F800000;

    /// <summary>The magnitude beyond which a block keeps 16 bits.</summary>
    /// <param name="bits">8 or 16 for the whole row.</param>
    /// <param name="squares">Σ x² of the row.</param>
    /// <param name="columns">Numbers of the row.</param>
    public static float Limit(int bits, float squares, int columns) => bits == 16 ? 0 : Outlier * MathF.Sqrt(squares / columns);

    /// <summary>d = max|x| / largest and its inverse; 0 and 0 for a block of zeros, NaN and 0 where a number is not finite.</summary>
    /// <param name="top">The bits of max|x|.</param>
    /// <param name="largest">The largest whole number.</param>
    /// <param name="inverse">What the numbers are multiplied with before they are rounded.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(int top, float largest, out float inverse)
    {
        inverse = 0;
        if (top == 0)
            return 0;
        if (top >= Infinity)
            return float.NaN;
        var d = MathF.Max(BitConverter.Int32BitsToSingle(top) / largest, Smallest);
        inverse = 1 / d;
        return d;
    }
}
