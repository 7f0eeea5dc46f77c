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
    private static float SumOfSquares(float* x, int n)
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
    public static void SiluMul(float* gate, float* up, int n, float* y)
    {
        var i = 0;
        for (; i + 8 <= n; i += 8)
            (Silu(Vector256.Load(gate + i)) * Vector256.Load(up + i)).Store(y + i);
        if (i == n)
            return;
        var mask = Avx2Lanes.First(n - i);
        Avx.MaskStore(y + i, mask, Silu(Avx.MaskLoad(gate + i, mask)) * Avx.MaskLoad(up + i, mask));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Silu(Vector256<float> x) => x / (Vector256<float>.One + Avx2Exponential.Of(-x));

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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void QuantizeI16(float* x, int n, short* q, float* d, float* s)
    {
        var magnitude = Vector256.Create(0x7FFFFFFF);
        for (var b = 0; b < n / 32; b++, x += 32, q += 32)
        {
            var v0 = Vector256.Load(x);
            var v1 = Vector256.Load(x + 8);
            var v2 = Vector256.Load(x + 16);
            var v3 = Vector256.Load(x + 24);
            // as integers magnitudes keep their order, and NaN and infinity stand above all numbers
            var high = Avx2.Max(
                Avx2.Max(v0.AsInt32() & magnitude, v1.AsInt32() & magnitude),
                Avx2.Max(v2.AsInt32() & magnitude, v3.AsInt32() & magnitude));
            var four = Sse41.Max(high.GetLower(), high.GetUpper());
            var two = Sse41.Max(four, Sse2.Shuffle(four, 0b01_00_11_10));
            var top = Sse41.Max(two, Sse2.Shuffle(two, 1)).ToScalar();
            d[b] = Rounding.Scale(top, out var inverse);
            if (inverse == 0)
            {
                new Span<short>(q, 32).Clear();
                s[b] = d[b];
                continue;
            }
            var by = Vector256.Create(inverse);
            var q01 = Avx2.PackSignedSaturate(Avx.ConvertToVector256Int32(v0 * by), Avx.ConvertToVector256Int32(v1 * by));
            var q23 = Avx2.PackSignedSaturate(Avx.ConvertToVector256Int32(v2 * by), Avx.ConvertToVector256Int32(v3 * by));
            // packing works within halves: put the quarters in order
            Avx2.Permute4x64(q01.AsInt64(), 0b11_01_10_00).AsInt16().Store(q);
            Avx2.Permute4x64(q23.AsInt64(), 0b11_01_10_00).AsInt16().Store(q + 16);
            var one = Vector256.Create((short)1);
            s[b] = d[b] * Vector256.Sum(Avx2.Add(Avx2.MultiplyAddAdjacent(q01, one), Avx2.MultiplyAddAdjacent(q23, one)));
        }
    }
}
