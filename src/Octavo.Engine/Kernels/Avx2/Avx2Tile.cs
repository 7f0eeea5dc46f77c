using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

/// <summary>The inner product of <see cref="Avx2MatMulI16Tile"/>; widths differ in speed, not in bits.</summary>
internal unsafe interface IAvx2Tile
{
    /// <summary>Tokens per call, a multiple of four.</summary>
    static abstract int Tokens { get; }

    /// <summary>acc[Tokens][16 rows] gains the scaled sums of each block in turn.</summary>
    /// <param name="panel">[block][pair of columns][16 rows][2].</param>
    /// <param name="scales">[block][16 rows].</param>
    /// <param name="blocks">How many blocks.</param>
    /// <param name="q">Each token's numbers.</param>
    /// <param name="d">Each token's scales.</param>
    /// <param name="acc">The accumulators.</param>
    static abstract void Multiply(short* panel, float* scales, int blocks, short** q, float** d, float* acc);
}

/// <summary>Four tokens by 256-bit vectors.</summary>
internal readonly unsafe struct Avx2Tile : IAvx2Tile
{
    public static int Tokens => 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(short* panel, float* scales, int blocks, short** q, float** d, float* acc)
    {
        var (q0, q1, q2, q3) = ((nint)q[0], (nint)q[1], (nint)q[2], (nint)q[3]);
        nint at = 0;
        for (nint b = 0; b < blocks; b++)
        {
            var a00 = Vector256<int>.Zero;
            var a01 = Vector256<int>.Zero;
            var a10 = Vector256<int>.Zero;
            var a11 = Vector256<int>.Zero;
            var a20 = Vector256<int>.Zero;
            var a21 = Vector256<int>.Zero;
            var a30 = Vector256<int>.Zero;
            var a31 = Vector256<int>.Zero;
            for (var end = at + 64; at < end; at += 4)
            {
                var w0 = Vector256.Load(panel);
                var w1 = Vector256.Load(panel + 16);
                var pair = Vector256.Create(*(int*)(q0 + at)).AsInt16();
                a00 = Avx2Lanes.Dot(a00, w0, pair);
                a01 = Avx2Lanes.Dot(a01, w1, pair);
                pair = Vector256.Create(*(int*)(q1 + at)).AsInt16();
                a10 = Avx2Lanes.Dot(a10, w0, pair);
                a11 = Avx2Lanes.Dot(a11, w1, pair);
                pair = Vector256.Create(*(int*)(q2 + at)).AsInt16();
                a20 = Avx2Lanes.Dot(a20, w0, pair);
                a21 = Avx2Lanes.Dot(a21, w1, pair);
                pair = Vector256.Create(*(int*)(q3 + at)).AsInt16();
                a30 = Avx2Lanes.Dot(a30, w0, pair);
                a31 = Avx2Lanes.Dot(a31, w1, pair);
                panel += 2 * Avx2MatMulI16Tile.Rows;
            }
            var s0 = Vector256.Load(scales + (b * Avx2MatMulI16Tile.Rows));
            var s1 = Vector256.Load(scales + (b * Avx2MatMulI16Tile.Rows) + 8);
            Add(a00, a01, s0, s1, d[0][b], acc);
            Add(a10, a11, s0, s1, d[1][b], acc + Avx2MatMulI16Tile.Rows);
            Add(a20, a21, s0, s1, d[2][b], acc + (2 * Avx2MatMulI16Tile.Rows));
            Add(a30, a31, s0, s1, d[3][b], acc + (3 * Avx2MatMulI16Tile.Rows));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector256<int> sum0, Vector256<int> sum1, Vector256<float> s0, Vector256<float> s1, float scale, float* acc)
    {
        var d = Vector256.Create(scale);
        Fma.MultiplyAdd(Avx.ConvertToVector256Single(sum0), s0 * d, Vector256.Load(acc)).Store(acc);
        Fma.MultiplyAdd(Avx.ConvertToVector256Single(sum1), s1 * d, Vector256.Load(acc + 8)).Store(acc + 8);
    }
}
