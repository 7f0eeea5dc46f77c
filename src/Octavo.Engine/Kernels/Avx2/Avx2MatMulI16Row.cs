using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

/// <summary>
/// The 16-bit product for one token. Per output: S_b = Σ of block b's whole products, exact in 32 bits;
/// acc = fma(S_b, d_w·d_x, acc), min = fma(m_w, s_x, min) over blocks in order; y = acc + min.
/// Eight rows fill the lanes, so no lane is ever summed in floating point.
/// </summary>
internal static unsafe class Avx2MatMulI16Row
{
    private const int Rows = 64;

    public static int ScratchFloats(int columns) => columns / 32;

    public static void Run<TFormat>(in WeightRows w, in ActivationsI16 x, int tokens, float* y, int ldy, float* scratch)
        where TFormat : struct, IAvx2Format
    {
        var blocks = w.Columns / 32;
        var sums = (int*)scratch;
        for (var row = 0; row < w.Rows; row += Rows)
        {
            var part = w.Slice(row, Math.Min(Rows, w.Rows - row));
            for (long t = 0; t < tokens; t++)
            {
                var q = x.Q + (t * x.Columns);
                if (TFormat.Offset != 0)
                    OffsetSums(q, blocks, TFormat.Offset, sums);
                Token<TFormat>(part, blocks, q, x.D + (t * blocks), x.S + (t * blocks), sums, y + (t * ldy) + row);
            }
        }
    }

    private static void Token<TFormat>(in WeightRows w, int blocks, short* q, float* d, float* s, int* sums, float* y)
        where TFormat : struct, IAvx2Format
    {
        var stride = (nint)w.RowBytes;
        var row = 0;
        for (; row + 8 <= w.Rows; row += 8)
            Eight<TFormat>(w.Data + (row * stride), w.Data + ((row + 4) * stride), stride, blocks, q, d, s, sums).Store(y + row);
        if (row == w.Rows)
            return;
        if (w.Rows >= 8)
        {
            // the last eight rows again: rows that were done get the same bits
            row = w.Rows - 8;
            Eight<TFormat>(w.Data + (row * stride), w.Data + ((row + 4) * stride), stride, blocks, q, d, s, sums).Store(y + row);
            return;
        }
        for (; row < w.Rows; row++)
            y[row] = Eight<TFormat>(w.Data + (row * stride), w.Data + (row * stride), 0, blocks, q, d, s, sums).ToScalar();
    }

    /// <summary>Rows at first + i·stride and second + i·stride, i in 0…3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector256<float> Eight<TFormat>(
        byte* first, byte* second, nint stride, int blocks, short* q, float* d, float* s, int* sums) where TFormat : struct, IAvx2Format
    {
        var acc = Vector256<float>.Zero;
        var min = Vector256<float>.Zero;
        var stride3 = stride * 3;
        var ahead = first + (stride * 8);
        for (nint b = 0; b < blocks; b++)
        {
            for (nint line = 0; line < TFormat.BlockBytes * 8; line += 64)
                Sse.Prefetch0(ahead + line);
            var low = Vector256.Load(q);
            var high = Vector256.Load(q + 16);
            var s01 = Avx2Lanes.Fold1(Block<TFormat>(first, low, high), Block<TFormat>(first + stride, low, high));
            var s23 = Avx2Lanes.Fold1(Block<TFormat>(first + (stride * 2), low, high), Block<TFormat>(first + stride3, low, high));
            var s0123 = Avx2Lanes.Fold2(s01, s23);
            var s45 = Avx2Lanes.Fold1(Block<TFormat>(second, low, high), Block<TFormat>(second + stride, low, high));
            var s67 = Avx2Lanes.Fold1(Block<TFormat>(second + (stride * 2), low, high), Block<TFormat>(second + stride3, low, high));
            var sum = Avx2Lanes.Fold4(s0123, Avx2Lanes.Fold2(s45, s67));
            if (TFormat.Offset != 0)
                sum = Avx2.Subtract(sum, Vector256.Create(sums[b]));
            var heads = Vector256.Create(
                *(int*)first, *(int*)(first + stride), *(int*)(first + (stride * 2)), *(int*)(first + stride3),
                *(int*)second, *(int*)(second + stride), *(int*)(second + (stride * 2)), *(int*)(second + stride3));
            acc = Fma.MultiplyAdd(Avx.ConvertToVector256Single(sum), Avx2Lanes.LowHalves(heads) * Vector256.Create(d[b]), acc);
            if (TFormat.HasMin)
                min = Fma.MultiplyAdd(Avx2Lanes.HighHalves(heads), Vector256.Create(s[b]), min);
            first += TFormat.BlockBytes;
            second += TFormat.BlockBytes;
            ahead += TFormat.BlockBytes * 8;
            q += 32;
        }
        return TFormat.HasMin ? acc + min : acc;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Block<TFormat>(byte* block, Vector256<short> low, Vector256<short> high)
        where TFormat : struct, IAvx2Format
    {
        TFormat.Widen(block, out var w0, out var w1);
        return Avx2Lanes.Dot(Avx2.MultiplyAddAdjacent(w0, low), w1, high);
    }

    /// <summary>sums[b] = offset · Σ q of block b.</summary>
    private static void OffsetSums(short* q, int blocks, int offset, int* sums)
    {
        var times = Vector256.Create((short)offset);
        for (var b = 0; b < blocks; b++, q += 32)
        {
            var pairs = Avx2Lanes.Dot(Avx2.MultiplyAddAdjacent(Vector256.Load(q), times), Vector256.Load(q + 16), times);
            sums[b] = Vector256.Sum(pairs);
        }
    }
}
