using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

/// <summary>e^x on eight lanes: e^x = 2^n · e^r with |r| ≤ ln 2 / 2, e^r by a polynomial of degree 7 in all. NaN stays NaN.</summary>
internal static class Avx2Exponential
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of(Vector256<float> x)
    {
        // vmaxps and vminps return their second operand where either is NaN; beyond these bounds the result is 0 or infinity
        x = Avx.Max(Vector256.Create(-104f), x);
        x = Avx.Min(Vector256.Create(89f), x);
        var p = Rest(x, out var n);
        // 2^n in two factors, so that subnormal results and the largest ones come out
        var whole = Avx.ConvertToVector256Int32(n);
        var half = Avx2.ShiftRightArithmetic(whole, 1);
        var first = Avx2.ShiftLeftLogical(half + Vector256.Create(127), 23).AsSingle();
        var second = Avx2.ShiftLeftLogical(whole - half + Vector256.Create(127), 23).AsSingle();
        return p * first * second;
    }

    /// <summary>
    /// e^x · 2^(bias − 127) for x ≤ 0, fewer operations and no subnormal numbers: what lies below the normal ones is 0. NaN stays NaN.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Weight(Vector256<float> x, Vector256<int> bias)
    {
        // keeps −∞ out of the remainder; its power of two is 0 for any bias below 288
        x = Avx.Max(Vector256.Create(-200f), x);
        var p = Rest(x, out var n);
        var power = Avx2.Max(Avx.ConvertToVector256Int32(n) + bias, Vector256<int>.Zero);
        return p * Avx2.ShiftLeftLogical(power, 23).AsSingle();
    }

    /// <summary>e^r of x = n · ln 2 + r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Rest(Vector256<float> x, out Vector256<float> n)
    {
        n = Avx.RoundToNearestInteger(x * Vector256.Create(1.44269504088896341f));
        var r = Fma.MultiplyAddNegated(n, Vector256.Create(0.693359375f), x);
        r = Fma.MultiplyAddNegated(n, Vector256.Create(-2.12194440e-4f), r);
        var p = Vector256.Create(1.9875691500e-4f);
        p = Fma.MultiplyAdd(p, r, Vector256.Create(1.3981999507e-3f));
        p = Fma.MultiplyAdd(p, r, Vector256.Create(8.3334519073e-3f));
        p = Fma.MultiplyAdd(p, r, Vector256.Create(4.1665795894e-2f));
        p = Fma.MultiplyAdd(p, r, Vector256.Create(1.6666665459e-1f));
        p = Fma.MultiplyAdd(p, r, Vector256.Create(5.0000001201e-1f));
        return Fma.MultiplyAdd(p, r * r, r) + Vector256<float>.One;
    }
}
