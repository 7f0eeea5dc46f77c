using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Octavo.Models;

namespace Octavo.Engine.Kernels;

/// <summary>What encoders need beside the rest, on eight lanes: the norm with a mean, and activations without a gate.</summary>
internal static unsafe class Avx2Encoders
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LayerNorm(float* x, float* w, float* b, float epsilon, int n, float* y)
    {
        var mean = Vector256.Create(Sum(x, n) / n);
        var scale = Vector256.Create(1 / MathF.Sqrt((SumOfSquares(x, mean, n) / n) + epsilon));
        var i = 0;
        for (; i + 8 <= n; i += 8)
            Fma.MultiplyAdd((Vector256.Load(x + i) - mean) * scale, Vector256.Load(w + i), Vector256.Load(b + i)).Store(y + i);
        if (i == n)
            return;
        var mask = Avx2Lanes.First(n - i);
        var centred = (Avx.MaskLoad(x + i, mask) - mean) * scale;
        Avx.MaskStore(y + i, mask, Fma.MultiplyAdd(centred, Avx.MaskLoad(w + i, mask), Avx.MaskLoad(b + i, mask)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Sum(float* x, int n)
    {
        Vector256<float> a0 = default, a1 = default, a2 = default, a3 = default;
        var i = 0;
        for (; i + 32 <= n; i += 32)
        {
            a0 += Vector256.Load(x + i);
            a1 += Vector256.Load(x + i + 8);
            a2 += Vector256.Load(x + i + 16);
            a3 += Vector256.Load(x + i + 24);
        }
        for (; i < n; i += 8)
            a0 += Avx.MaskLoad(x + i, Avx2Lanes.First(n - i));
        return Avx2Lanes.Sum(a0 + a1 + (a2 + a3));
    }

    /// <summary>Σ (x − mean)².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float SumOfSquares(float* x, Vector256<float> mean, int n)
    {
        Vector256<float> a0 = default, a1 = default, a2 = default, a3 = default;
        var i = 0;
        for (; i + 32 <= n; i += 32)
        {
            var v0 = Vector256.Load(x + i) - mean;
            var v1 = Vector256.Load(x + i + 8) - mean;
            var v2 = Vector256.Load(x + i + 16) - mean;
            var v3 = Vector256.Load(x + i + 24) - mean;
            a0 = Fma.MultiplyAdd(v0, v0, a0);
            a1 = Fma.MultiplyAdd(v1, v1, a1);
            a2 = Fma.MultiplyAdd(v2, v2, a2);
            a3 = Fma.MultiplyAdd(v3, v3, a3);
        }
        for (; i < n; i += 8)
        {
            var mask = Avx2Lanes.First(n - i);
            var v = (Avx.MaskLoad(x + i, mask) - mean) & mask;
            a0 = Fma.MultiplyAdd(v, v, a0);
        }
        return Avx2Lanes.Sum(a0 + a1 + (a2 + a3));
    }

    public static void Activate(Activation act, float* x, int n)
    {
        switch (act)
        {
            case Activation.Silu: Each<Gated<SiluGate>>(x, n); break;
            case Activation.GeluTanh: Each<Gated<GeluTanhGate>>(x, n); break;
            default: Each<Gelu>(x, n); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Each<TFunction>(float* x, int n) where TFunction : struct, IFunction
    {
        var i = 0;
        for (; i + 8 <= n; i += 8)
            TFunction.Of(Vector256.Load(x + i)).Store(x + i);
        if (i == n)
            return;
        var mask = Avx2Lanes.First(n - i);
        Avx.MaskStore(x + i, mask, TFunction.Of(Avx.MaskLoad(x + i, mask)));
    }

    private interface IFunction
    {
        static abstract Vector256<float> Of(Vector256<float> x);
    }

    private readonly struct Gated<TGate> : IFunction where TGate : struct, IGate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Of(Vector256<float> x) => x / (Vector256<float>.One + Avx2Exponential.Of(-TGate.Of(x)));
    }

    /// <summary>x Φ(x) as <see cref="PortableElementwise.Gelu"/> has it.</summary>
    private readonly struct Gelu : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Of(Vector256<float> x)
        {
            var z = Vector256.Abs(x) * 0.7071067811865476f;
            var t = Vector256<float>.One / Fma.MultiplyAdd(z, Vector256.Create(0.3275911f), Vector256<float>.One);
            var p = Fma.MultiplyAdd(Vector256.Create(1.061405429f), t, Vector256.Create(-1.453152027f));
            p = Fma.MultiplyAdd(p, t, Vector256.Create(1.421413741f));
            p = Fma.MultiplyAdd(p, t, Vector256.Create(-0.284496736f));
            p = Fma.MultiplyAdd(p, t, Vector256.Create(0.254829592f));
            // 1 − erf z
            var rest = p * t * Avx2Exponential.Weight(-(z * z), Vector256.Create(127));
            var below = x * rest * 0.5f;
            return Avx.BlendVariable(x - below, below, x);
        }
    }
}
