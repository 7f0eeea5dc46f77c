using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

/// <summary>Eight tokens by 512-bit vectors: the sixteen rows of the panel side by side.</summary>
internal readonly unsafe struct Avx512Tile : IAvx2Tile
{
    public static int Tokens => 8;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(short* panel, float* scales, int blocks, short** q, float** d, float* acc)
    {
        var (q0, q1, q2, q3) = ((nint)q[0], (nint)q[1], (nint)q[2], (nint)q[3]);
        var (q4, q5, q6, q7) = ((nint)q[4], (nint)q[5], (nint)q[6], (nint)q[7]);
        nint at = 0;
        for (nint b = 0; b < blocks; b++)
        {
            Vector512<int> a0 = default, a1 = default, a2 = default, a3 = default;
            Vector512<int> a4 = default, a5 = default, a6 = default, a7 = default;
            for (var end = at + 64; at < end; at += 4)
            {
                var w = Vector512.Load(panel);
                a0 = Dot(a0, w, q0 + at);
                a1 = Dot(a1, w, q1 + at);
                a2 = Dot(a2, w, q2 + at);
                a3 = Dot(a3, w, q3 + at);
                a4 = Dot(a4, w, q4 + at);
                a5 = Dot(a5, w, q5 + at);
                a6 = Dot(a6, w, q6 + at);
                a7 = Dot(a7, w, q7 + at);
                panel += 2 * Avx2MatMulI16Tile.Rows;
            }
            var s = Vector512.Load(scales + (b * Avx2MatMulI16Tile.Rows));
            Add(a0, s, d[0][b], acc);
            Add(a1, s, d[1][b], acc + Avx2MatMulI16Tile.Rows);
            Add(a2, s, d[2][b], acc + (2 * Avx2MatMulI16Tile.Rows));
            Add(a3, s, d[3][b], acc + (3 * Avx2MatMulI16Tile.Rows));
            Add(a4, s, d[4][b], acc + (4 * Avx2MatMulI16Tile.Rows));
            Add(a5, s, d[5][b], acc + (5 * Avx2MatMulI16Tile.Rows));
            Add(a6, s, d[6][b], acc + (6 * Avx2MatMulI16Tile.Rows));
            Add(a7, s, d[7][b], acc + (7 * Avx2MatMulI16Tile.Rows));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Dot(Vector512<int> sum, Vector512<short> w, nint pair) =>
        Avx512F.Add(sum, Avx512BW.MultiplyAddAdjacent(w, Vector512.Create(*(int*)pair).AsInt16()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector512<int> sum, Vector512<float> s, float scale, float* acc) =>
        Avx512F.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(sum), s * Vector512.Create(scale), Vector512.Load(acc)).Store(acc);
}
