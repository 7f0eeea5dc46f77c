using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Octavo.Engine.Kernels;

/// <summary>An activation of the form x · sigmoid(z(x)): what z is, on one number and on vectors.</summary>
internal interface IGate
{
    static abstract float Of(float x);

    static abstract Vector128<float> Of(Vector128<float> x);

    static abstract Vector256<float> Of(Vector256<float> x);
}

/// <summary>SiLU: z = x.</summary>
internal readonly struct SiluGate : IGate
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Of(float x) => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Of(Vector128<float> x) => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of(Vector256<float> x) => x;
}

/// <summary>GELU in its tanh form: ½(1 + tanh u) is sigmoid(2u), u = √(2/π) (x + 0.044715 x³).</summary>
internal readonly struct GeluTanhGate : IGate
{
    // 2√(2/π), and that times 0.044715
    private const float Linear = 1.5957691216057308f;
    private const float Cubic = 0.07135481627159486f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Of(float x) => x * (Linear + (Cubic * x * x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Of(Vector128<float> x) => x * (Vector128.Create(Linear) + (Vector128.Create(Cubic) * x * x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of(Vector256<float> x) => x * (Vector256.Create(Linear) + (Vector256.Create(Cubic) * x * x));
}
