using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Nn.Kernels;

/// <summary>
/// Products of blocks that lie in the first caches: C [m, n] = (C +) A [m, k] · B [k, n], fp32. The columns are a multiple of 16; A's numbers
/// may lie in any order, since each is spread over a register anyway.
/// </summary>
internal static unsafe class BlockProduct
{
    /// <summary>Columns are a multiple of this.</summary>
    public const int Lanes = 16;

    /// <summary>So many numbers, and as many more as a multiple of <see cref="Lanes"/> lacks.</summary>
    public static int Padded(int numbers) => (numbers + Lanes - 1) & -Lanes;

    /// <param name="a">A's number (i, p) is at i · <paramref name="rowStep"/> + p · <paramref name="step"/>.</param>
    /// <param name="rowStep">From row to row of A.</param>
    /// <param name="step">From column to column of A.</param>
    /// <param name="b">Rows of <paramref name="n"/> numbers.</param>
    /// <param name="c">Rows of <paramref name="n"/> numbers.</param>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="n">Columns of B and C; a row of either is as long.</param>
    /// <param name="k">Columns of A, rows of B.</param>
    /// <param name="adds">Whether the product is added to C.</param>
    public static void Multiply(float* a, nint rowStep, nint step, float* b, float* c, int m, int n, int k, bool adds)
    {
        var row = 0;
        for (; row <= m - 4; row += 4)
        {
            var from = a + (row * rowStep);
            var to = c + ((nint)row * n);
            var column = 0;
            if (Vector512.IsHardwareAccelerated)
            {
                for (; column <= n - 64; column += 64)
                    Wide(from, rowStep, step, b + column, to + column, n, k, adds);
            }
            for (; column < n; column += Lanes)
                Narrow(from, rowStep, step, b + column, to + column, n, k, adds);
        }
        for (; row < m; row++)
        {
            for (var column = 0; column < n; column += Lanes)
                One(a + (row * rowStep), step, b + column, c + ((nint)row * n) + column, n, k, adds);
        }
    }

    // 4 rows of 64 columns: sixteen sums in registers
    private static void Wide(float* a, nint rowStep, nint step, float* b, float* c, nint n, int k, bool adds)
    {
        Vector512<float> c00, c01, c02, c03, c10, c11, c12, c13, c20, c21, c22, c23, c30, c31, c32, c33;
        c00 = c01 = c02 = c03 = c10 = c11 = c12 = c13 = c20 = c21 = c22 = c23 = c30 = c31 = c32 = c33 = Vector512<float>.Zero;
        var a1 = a + rowStep;
        var a2 = a1 + rowStep;
        var a3 = a2 + rowStep;
        for (var p = 0; p < k; p++)
        {
            var (b0, b1, b2, b3) = (Vector512.Load(b), Vector512.Load(b + 16), Vector512.Load(b + 32), Vector512.Load(b + 48));
            var x = Vector512.Create(*a);
            c00 = Avx512F.FusedMultiplyAdd(x, b0, c00);
            c01 = Avx512F.FusedMultiplyAdd(x, b1, c01);
            c02 = Avx512F.FusedMultiplyAdd(x, b2, c02);
            c03 = Avx512F.FusedMultiplyAdd(x, b3, c03);
            x = Vector512.Create(*a1);
            c10 = Avx512F.FusedMultiplyAdd(x, b0, c10);
            c11 = Avx512F.FusedMultiplyAdd(x, b1, c11);
            c12 = Avx512F.FusedMultiplyAdd(x, b2, c12);
            c13 = Avx512F.FusedMultiplyAdd(x, b3, c13);
            x = Vector512.Create(*a2);
            c20 = Avx512F.FusedMultiplyAdd(x, b0, c20);
            c21 = Avx512F.FusedMultiplyAdd(x, b1, c21);
            c22 = Avx512F.FusedMultiplyAdd(x, b2, c22);
            c23 = Avx512F.FusedMultiplyAdd(x, b3, c23);
            x = Vector512.Create(*a3);
            c30 = Avx512F.FusedMultiplyAdd(x, b0, c30);
            c31 = Avx512F.FusedMultiplyAdd(x, b1, c31);
            c32 = Avx512F.FusedMultiplyAdd(x, b2, c32);
            c33 = Avx512F.FusedMultiplyAdd(x, b3, c33);
            a += step;
            a1 += step;
            a2 += step;
            a3 += step;
            b += n;
        }
        Put(c, c00, c01, c02, c03, adds);
        Put(c + n, c10, c11, c12, c13, adds);
        Put(c + (2 * n), c20, c21, c22, c23, adds);
        Put(c + (3 * n), c30, c31, c32, c33, adds);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(float* c, Vector512<float> c0, Vector512<float> c1, Vector512<float> c2, Vector512<float> c3, bool adds)
    {
        if (adds)
        {
            c0 += Vector512.Load(c);
            c1 += Vector512.Load(c + 16);
            c2 += Vector512.Load(c + 32);
            c3 += Vector512.Load(c + 48);
        }
        c0.Store(c);
        c1.Store(c + 16);
        c2.Store(c + 32);
        c3.Store(c + 48);
    }

    // 4 rows of 16 columns
    private static void Narrow(float* a, nint rowStep, nint step, float* b, float* c, nint n, int k, bool adds)
    {
        Vector256<float> c00, c01, c10, c11, c20, c21, c30, c31;
        c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 = Vector256<float>.Zero;
        for (var p = 0; p < k; p++)
        {
            var (b0, b1) = (Vector256.Load(b), Vector256.Load(b + 8));
            var x = Vector256.Create(*a);
            c00 = Vector256.MultiplyAddEstimate(x, b0, c00);
            c01 = Vector256.MultiplyAddEstimate(x, b1, c01);
            x = Vector256.Create(a[rowStep]);
            c10 = Vector256.MultiplyAddEstimate(x, b0, c10);
            c11 = Vector256.MultiplyAddEstimate(x, b1, c11);
            x = Vector256.Create(a[2 * rowStep]);
            c20 = Vector256.MultiplyAddEstimate(x, b0, c20);
            c21 = Vector256.MultiplyAddEstimate(x, b1, c21);
            x = Vector256.Create(a[3 * rowStep]);
            c30 = Vector256.MultiplyAddEstimate(x, b0, c30);
            c31 = Vector256.MultiplyAddEstimate(x, b1, c31);
            a += step;
            b += n;
        }
        Put(c, c00, c01, adds);
        Put(c + n, c10, c11, adds);
        Put(c + (2 * n), c20, c21, adds);
        Put(c + (3 * n), c30, c31, adds);
    }

    private static void One(float* a, nint step, float* b, float* c, nint n, int k, bool adds)
    {
        var (c0, c1) = (Vector256<float>.Zero, Vector256<float>.Zero);
        for (var p = 0; p < k; p++)
        {
            var x = Vector256.Create(*a);
            c0 = Vector256.MultiplyAddEstimate(x, Vector256.Load(b), c0);
            c1 = Vector256.MultiplyAddEstimate(x, Vector256.Load(b + 8), c1);
            a += step;
            b += n;
        }
        Put(c, c0, c1, adds);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(float* c, Vector256<float> c0, Vector256<float> c1, bool adds)
    {
        if (adds)
        {
            c0 += Vector256.Load(c);
            c1 += Vector256.Load(c + 8);
        }
        c0.Store(c);
        c1.Store(c + 8);
    }
}
