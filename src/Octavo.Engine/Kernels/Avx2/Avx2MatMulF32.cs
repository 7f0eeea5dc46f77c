using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Octavo.Core.Tensors;

namespace Octavo.Engine.Kernels;

/// <summary>
/// The fp32 product. Per output one vector: lane j sums columns j, j + 8, … in order, the last few through masked lanes;
/// at the end the lanes are summed by <see cref="Avx2Lanes.Sum(Vector256{float})"/>. Stored types other than F32 are expanded eight rows at a time.
/// </summary>
internal static unsafe class Avx2MatMulF32
{
    private const int PanelRows = 8;

    public static int ScratchFloats(int columns) => PanelRows * columns;

    public static void Run(in WeightRows w, float* x, int ldx, int tokens, float* y, int ldy, float* scratch)
    {
        if (w.Type == TensorType.F32)
        {
            Rows((float*)w.Data, w.Rows, w.Columns, x, ldx, tokens, y, ldy);
            return;
        }
        for (var row = 0; row < w.Rows; row += PanelRows)
        {
            var rows = Math.Min(PanelRows, w.Rows - row);
            for (var r = 0; r < rows; r++)
                Avx2DenseRows.Expand(w.Type, w.Data + ((row + r) * w.RowBytes), w.RowBytes, w.Columns, scratch + ((long)r * w.Columns));
            Rows(scratch, rows, w.Columns, x, ldx, tokens, y + row, ldy);
        }
    }

    private static void Rows(float* w, int rows, int columns, float* x, int ldx, int tokens, float* y, int ldy)
    {
        var row = 0;
        for (; row + 4 <= rows; row += 4)
            FourRows(w + ((long)row * columns), columns, x, ldx, tokens, y + row, ldy);
        if (row < rows && rows >= 4)
        {
            // the last four rows again: rows that were done get the same bits
            row = rows - 4;
            FourRows(w + ((long)row * columns), columns, x, ldx, tokens, y + row, ldy);
            return;
        }
        for (; row < rows; row++)
        {
            for (var t = 0; t < tokens; t++)
                y[((long)t * ldy) + row] = One(w + ((long)row * columns), columns, x + ((long)t * ldx));
        }
    }

    private static void FourRows(float* w, int columns, float* x, int ldx, int tokens, float* y, int ldy)
    {
        var t = 0;
        for (; t + 2 <= tokens; t += 2)
            FourByTwo(w, columns, x + ((long)t * ldx), ldx, y + ((long)t * ldy), ldy);
        if (t < tokens)
            FourByOne(w, columns, x + ((long)t * ldx), y + ((long)t * ldy));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByTwo(float* w, int columns, float* x, nint ldx, float* y, int ldy)
    {
        nint ldw = columns;
        var a00 = Vector256<float>.Zero;
        var a01 = Vector256<float>.Zero;
        var a10 = Vector256<float>.Zero;
        var a11 = Vector256<float>.Zero;
        var a20 = Vector256<float>.Zero;
        var a21 = Vector256<float>.Zero;
        var a30 = Vector256<float>.Zero;
        var a31 = Vector256<float>.Zero;
        var w3 = w + (ldw * 3);
        for (var end = w + (columns & ~7); w < end; w += 8, w3 += 8, x += 8)
        {
            var x0 = Vector256.Load(x);
            var x1 = Vector256.Load(x + ldx);
            var v = Vector256.Load(w);
            a00 = Fma.MultiplyAdd(v, x0, a00);
            a01 = Fma.MultiplyAdd(v, x1, a01);
            v = Vector256.Load(w + ldw);
            a10 = Fma.MultiplyAdd(v, x0, a10);
            a11 = Fma.MultiplyAdd(v, x1, a11);
            v = Vector256.Load(w + (ldw * 2));
            a20 = Fma.MultiplyAdd(v, x0, a20);
            a21 = Fma.MultiplyAdd(v, x1, a21);
            v = Vector256.Load(w3);
            a30 = Fma.MultiplyAdd(v, x0, a30);
            a31 = Fma.MultiplyAdd(v, x1, a31);
        }
        if ((columns & 7) != 0)
        {
            var mask = Avx2Lanes.First(columns & 7);
            var x0 = Avx.MaskLoad(x, mask);
            var x1 = Avx.MaskLoad(x + ldx, mask);
            var v = Avx.MaskLoad(w, mask);
            a00 = Fma.MultiplyAdd(v, x0, a00);
            a01 = Fma.MultiplyAdd(v, x1, a01);
            v = Avx.MaskLoad(w + ldw, mask);
            a10 = Fma.MultiplyAdd(v, x0, a10);
            a11 = Fma.MultiplyAdd(v, x1, a11);
            v = Avx.MaskLoad(w + (ldw * 2), mask);
            a20 = Fma.MultiplyAdd(v, x0, a20);
            a21 = Fma.MultiplyAdd(v, x1, a21);
            v = Avx.MaskLoad(w3, mask);
            a30 = Fma.MultiplyAdd(v, x0, a30);
            a31 = Fma.MultiplyAdd(v, x1, a31);
        }
        Avx2Lanes.Sum(a00, a10, a20, a30).Store(y);
        Avx2Lanes.Sum(a01, a11, a21, a31).Store(y + ldy);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByOne(float* w, int columns, float* x, float* y)
    {
        nint ldw = columns;
        var a0 = Vector256<float>.Zero;
        var a1 = Vector256<float>.Zero;
        var a2 = Vector256<float>.Zero;
        var a3 = Vector256<float>.Zero;
        var w3 = w + (ldw * 3);
        var ahead = w + (ldw * 4);
        for (var end = w + (columns & ~7); w < end; w += 8, w3 += 8, x += 8, ahead += 32)
        {
            Sse.Prefetch0(ahead);
            Sse.Prefetch0(ahead + 16);
            var v = Vector256.Load(x);
            a0 = Fma.MultiplyAdd(Vector256.Load(w), v, a0);
            a1 = Fma.MultiplyAdd(Vector256.Load(w + ldw), v, a1);
            a2 = Fma.MultiplyAdd(Vector256.Load(w + (ldw * 2)), v, a2);
            a3 = Fma.MultiplyAdd(Vector256.Load(w3), v, a3);
        }
        if ((columns & 7) != 0)
        {
            var mask = Avx2Lanes.First(columns & 7);
            var v = Avx.MaskLoad(x, mask);
            a0 = Fma.MultiplyAdd(Avx.MaskLoad(w, mask), v, a0);
            a1 = Fma.MultiplyAdd(Avx.MaskLoad(w + ldw, mask), v, a1);
            a2 = Fma.MultiplyAdd(Avx.MaskLoad(w + (ldw * 2), mask), v, a2);
            a3 = Fma.MultiplyAdd(Avx.MaskLoad(w3, mask), v, a3);
        }
        Avx2Lanes.Sum(a0, a1, a2, a3).Store(y);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float One(float* w, int columns, float* x)
    {
        var acc = Vector256<float>.Zero;
        for (var k = 0; k < columns; k += 8)
        {
            var mask = Avx2Lanes.First(columns - k);
            acc = Fma.MultiplyAdd(Avx.MaskLoad(w + k, mask), Avx.MaskLoad(x + k, mask), acc);
        }
        return Avx2Lanes.Sum(acc);
    }
}
