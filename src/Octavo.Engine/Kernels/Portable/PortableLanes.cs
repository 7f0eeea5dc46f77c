using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Octavo.Engine.Kernels;

/// <summary>Small inlined pieces that the 128-bit kernels share. a·b + c is fused where the processor can.</summary>
internal static unsafe class PortableLanes
{
    /// <summary>(l0 + l2) + (l1 + l3): the one order in which lanes are summed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector128<float> v)
    {
        var two = v + Vector128.Shuffle(v, Vector128.Create(2, 3, 0, 1));
        return two.ToScalar() + two.GetElement(1);
    }

    /// <summary>One to four numbers, the missing ones 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(float* p, int count) => count >= 4
        ? Vector128.Load(p)
        : Vector128.Create(p[0], count > 1 ? p[1] : 0, count > 2 ? p[2] : 0, 0);

    /// <summary>Stores the first <paramref name="count"/> lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> lanes, float* y, int count)
    {
        if (count >= 4)
        {
            lanes.Store(y);
            return;
        }
        for (var r = 0; r < count; r++)
            y[r] = lanes.GetElement(r);
    }

    /// <summary>e^x: 2^n · e^r with |r| ≤ ln 2 / 2, e^r by a polynomial. NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Exp(Vector128<float> x)
    {
        // comparisons with NaN are false; beyond these bounds the result is 0 or infinity
        x = Vector128.ConditionalSelect(Vector128.LessThan(x, Vector128.Create(-104f)), Vector128.Create(-104f), x);
        x = Vector128.ConditionalSelect(Vector128.GreaterThan(x, Vector128.Create(89f)), Vector128.Create(89f), x);
        var n = Vector128.Round(x * Vector128.Create(1.44269504088896341f));
        var r = Vector128.MultiplyAddEstimate(n, Vector128.Create(-0.693359375f), x);
        r = Vector128.MultiplyAddEstimate(n, Vector128.Create(2.12194440e-4f), r);
        var p = Vector128.Create(1.9875691500e-4f);
        p = Vector128.MultiplyAddEstimate(p, r, Vector128.Create(1.3981999507e-3f));
        p = Vector128.MultiplyAddEstimate(p, r, Vector128.Create(8.3334519073e-3f));
        p = Vector128.MultiplyAddEstimate(p, r, Vector128.Create(4.1665795894e-2f));
        p = Vector128.MultiplyAddEstimate(p, r, Vector128.Create(1.6666665459e-1f));
        p = Vector128.MultiplyAddEstimate(p, r, Vector128.Create(5.0000001201e-1f));
        p = Vector128.MultiplyAddEstimate(p, r * r, r) + Vector128<float>.One;
        // 2^n in two factors, so that subnormal results and the largest ones come out
        var whole = Vector128.ConvertToInt32(n);
        var half = whole >> 1;
        var first = ((half + Vector128.Create(127)) << 23).AsSingle();
        var second = ((whole - half + Vector128.Create(127)) << 23).AsSingle();
        return p * first * second;
    }
}
