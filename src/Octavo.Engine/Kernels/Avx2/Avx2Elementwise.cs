using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Octavo.Models;

namespace Octavo.Engine.Kernels;

/// <summary>Norms, activations, rotation and rounding on eight lanes; the last few numbers go through masked lanes.</summary>
internal static unsafe class Avx2Elementwise
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RmsNorm(float* x, float* w, float epsilon, int n, float* y)
    {
        var scale = Vector256.Create(1 / MathF.Sqrt((SumOfSquares(x, n) / n) + epsilon));
        var i = 0;
        for (; i + 8 <= n; i += 8)
            (Vector256.Load(x + i) * scale * Vector256.Load(w + i)).Store(y + i);
        if (i == n)
            return;
        var mask = Avx2Lanes.First(n - i);
        Avx.MaskStore(y + i, mask, Avx.MaskLoad(x + i, mask) * scale * Avx.MaskLoad(w + i, mask));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumOfSquares(float* x, int n)
    {
        var a0 = Vector256<float>.Zero;
        var a1 = Vector256<float>.Zero;
        var a2 = Vector256<float>.Zero;
        var a3 = Vector256<float>.Zero;
        var i = 0;
        for (; i + 32 <= n; i += 32)
        {
            var v0 = Vector256.Load(x + i);
            var v1 = Vector256.Load(x + i + 8);
            var v2 = Vector256.Load(x + i + 16);
            var v3 = Vector256.Load(x + i + 24);
            a0 = Fma.MultiplyAdd(v0, v0, a0);
            a1 = Fma.MultiplyAdd(v1, v1, a1);
            a2 = Fma.MultiplyAdd(v2, v2, a2);
            a3 = Fma.MultiplyAdd(v3, v3, a3);
        }
        for (; i < n; i += 8)
        {
            var v = Avx.MaskLoad(x + i, Avx2Lanes.First(n - i));
            a0 = Fma.MultiplyAdd(v, v, a0);
        }
        return Avx2Lanes.Sum(a0 + a1 + (a2 + a3));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void GateMul<TGate>(float* gate, float* up, int n, float* y) where TGate : struct, IGate
    {
        var i = 0;
        for (; i + 8 <= n; i += 8)
            (Gated<TGate>(Vector256.Load(gate + i)) * Vector256.Load(up + i)).Store(y + i);
        if (i == n)
            return;
        var mask = Avx2Lanes.First(n - i);
        Avx.MaskStore(y + i, mask, Gated<TGate>(Avx.MaskLoad(gate + i, mask)) * Avx.MaskLoad(up + i, mask));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Gated<TGate>(Vector256<float> x) where TGate : struct, IGate =>
        x / (Vector256<float>.One + Avx2Exponential.Of(-TGate.Of(x)));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Cap(float* x, float cap, int n)
    {
        var (most, twice, by) = (Vector256.Create(cap), Vector256.Create(2 * cap), Vector256.Create(2 / cap));
        var i = 0;
        for (; i + 8 <= n; i += 8)
            Capped(Vector256.Load(x + i), most, twice, by).Store(x + i);
        if (i == n)
            return;
        var mask = Avx2Lanes.First(n - i);
        Avx.MaskStore(x + i, mask, Capped(Avx.MaskLoad(x + i, mask), most, twice, by));
    }

    // tanh z = 1 − 2 / (e^2z + 1)
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Capped(Vector256<float> x, Vector256<float> cap, Vector256<float> twice, Vector256<float> by) =>
        cap - (twice / (Avx2Exponential.Of(x * by) + Vector256<float>.One));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(float* x, float* y, int n)
    {
        var i = 0;
        for (; i + 8 <= n; i += 8)
            (Vector256.Load(x + i) + Vector256.Load(y + i)).Store(x + i);
        for (; i < n; i++)
            x[i] += y[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(float* x, float factor, int n)
    {
        var by = Vector256.Create(factor);
        var i = 0;
        for (; i + 8 <= n; i += 8)
            (Vector256.Load(x + i) * by).Store(x + i);
        for (; i < n; i++)
            x[i] *= factor;
    }

    public static void Rotate(float* x, int heads, int headDim, int dims, Pairing pairing, float* cos, float* sin)
    {
        for (var head = 0; head < heads; head++, x += headDim)
        {
            if (pairing == Pairing.Halves)
                RotateHalves(x, x + (dims / 2), dims / 2, cos, sin);
            else
                RotateNeighbours(x, dims / 2, cos, sin);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RotateHalves(float* a, float* b, int pairs, float* cos, float* sin)
    {
        var i = 0;
        for (; i + 8 <= pairs; i += 8)
        {
            var va = Vector256.Load(a + i);
            var vb = Vector256.Load(b + i);
            var c = Vector256.Load(cos + i);
            var s = Vector256.Load(sin + i);
            Fma.MultiplySubtract(va, c, vb * s).Store(a + i);
            Fma.MultiplyAdd(vb, c, va * s).Store(b + i);
        }
        for (; i < pairs; i++)
            (a[i], b[i]) = Turn(a[i], b[i], cos[i], sin[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RotateNeighbours(float* x, int pairs, float* cos, float* sin)
    {
        var i = 0;
        for (; i + 4 <= pairs; i += 4)
        {
            var v = Vector256.Load(x + (2 * i));
            var c = Twice(cos + i);
            // even lanes a·c − b·s, odd lanes b·c + a·s
            var swapped = Avx.Permute(v, 0b10_11_00_01) * Twice(sin + i);
            Fma.MultiplyAddSubtract(v, c, swapped).Store(x + (2 * i));
        }
        for (; i < pairs; i++)
            (x[2 * i], x[(2 * i) + 1]) = Turn(x[2 * i], x[(2 * i) + 1], cos[i], sin[i]);
    }

    /// <summary>Four numbers, each two times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Twice(float* four) =>
        Avx2.PermuteVar8x32(Vector128.Load(four).ToVector256Unsafe(), Vector256.Create(0, 0, 1, 1, 2, 2, 3, 3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (float A, float B) Turn(float a, float b, float cos, float sin) =>
        (MathF.FusedMultiplyAdd(a, cos, -(b * sin)), MathF.FusedMultiplyAdd(b, cos, a * sin));
}
