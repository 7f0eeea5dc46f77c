using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

/// <summary>What a low-rank adapter adds, on 32 outputs at a time; the last few go through masked lanes.</summary>
internal static unsafe class Avx2LowRank
{
    /// <inheritdoc cref="KernelSet.AddLowRank"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* u, int rank, float* b, int ldb, float* gain, float* y, int n)
    {
        var i = 0;
        for (; i + 32 <= n; i += 32)
        {
            var s0 = Vector256<float>.Zero;
            var s1 = Vector256<float>.Zero;
            var s2 = Vector256<float>.Zero;
            var s3 = Vector256<float>.Zero;
            var row = b + i;
            for (var j = 0; j < rank; j++, row += ldb)
            {
                var x = Vector256.Create(u[j]);
                s0 = Fma.MultiplyAdd(x, Vector256.Load(row), s0);
                s1 = Fma.MultiplyAdd(x, Vector256.Load(row + 8), s1);
                s2 = Fma.MultiplyAdd(x, Vector256.Load(row + 16), s2);
                s3 = Fma.MultiplyAdd(x, Vector256.Load(row + 24), s3);
            }
            var g = gain == null ? null : gain + i;
            Store(s0, g, y + i);
            Store(s1, g == null ? null : g + 8, y + i + 8);
            Store(s2, g == null ? null : g + 16, y + i + 16);
            Store(s3, g == null ? null : g + 24, y + i + 24);
        }
        for (; i < n; i += 8)
            Tail(u, rank, b + i, ldb, gain == null ? null : gain + i, y + i, Avx2Lanes.First(n - i));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> sum, float* gain, float* y)
    {
        var all = Vector256.Load(y) + sum;
        (gain == null ? all : all * Vector256.Load(gain)).Store(y);
    }

    private static void Tail(float* u, int rank, float* b, int ldb, float* gain, float* y, Vector256<float> mask)
    {
        var sum = Vector256<float>.Zero;
        for (var j = 0; j < rank; j++)
            sum = Fma.MultiplyAdd(Vector256.Create(u[j]), Avx.MaskLoad(b + ((long)j * ldb), mask), sum);
        var all = Avx.MaskLoad(y, mask) + sum;
        Avx.MaskStore(y, mask, gain == null ? all : all * Avx.MaskLoad(gain, mask));
    }
}
