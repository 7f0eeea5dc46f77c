using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

/// <summary>
/// The product of packed weights and quantized activations for one token. Per output, over blocks (or halves) in order:
/// acc = fma(Σ w·q, d_w·d_x, acc), the sum exact; then acc = fma(m_w, s_x, acc) where the type has minima.
/// </summary>
internal static unsafe class Avx2PackedRow
{
    private const int Ahead = 2048;

    public static void Run<TFormat>(in PackedRows w, in QuantizedRows x, int tokens, float* y, int ldy)
        where TFormat : struct, IAvx2Packed
    {
        var blocks = w.Columns / 32;
        var group = w.Data;
        for (var row = 0; row < w.Rows; row += PackedFormat.Rows, group += w.GroupBytes)
        {
            for (var t = 0; t < tokens; t++)
            {
                var token = x.Row(t);
                var sums = Group<TFormat>(group, blocks, token.Q, token.D, token.S, token.N);
                Avx2Lanes.Store(sums, y + ((long)t * ldy) + row, w.Rows - row);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector256<float> Group<TFormat>(byte* block, int blocks, sbyte* q, float* d, float* s, int* n)
        where TFormat : struct, IAvx2Packed
    {
        var acc = Vector256<float>.Zero;
        for (var end = d + (blocks * QuantizedRows.Tile); d < end;)
        {
            TFormat.Factors(block, out var scaleFactor, out var minFactor);
            block += TFormat.HeaderBytes;
            for (var last = d + (TFormat.SuperBlocks * QuantizedRows.Tile); d < last; d += QuantizedRows.Tile)
            {
                Avx2Quads.Prefetch<TFormat>(block + Ahead);
                Sums<TFormat>(block, (nint)q, n, out var low, out var high);
                var scale = Vector256.Create(*d);
                if (TFormat.HasHalves)
                {
                    acc = Fma.MultiplyAdd(Avx.ConvertToVector256Single(low), TFormat.Scales(block, 0, scaleFactor) * scale, acc);
                    acc = Fma.MultiplyAdd(Avx.ConvertToVector256Single(high), TFormat.Scales(block, 1, scaleFactor) * scale, acc);
                }
                else
                {
                    var both = Avx.ConvertToVector256Single(Avx2.Add(low, high));
                    acc = Fma.MultiplyAdd(both, TFormat.Scales(block, 0, scaleFactor) * scale, acc);
                }
                if (TFormat.HasMin)
                {
                    acc = Fma.MultiplyAdd(TFormat.Minima(block, minFactor), Vector256.Create(*s), acc);
                    s += QuantizedRows.Tile;
                }
                block += TFormat.BlockBytes;
                q += QuantizedRows.BlockBytes;
                n += QuantizedRows.Numbers;
            }
        }
        return acc;
    }

    /// <summary>The exact sums of the two halves of a block; where they are added anyway, the zero point of both is in the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sums<TFormat>(byte* block, nint q, int* n, out Vector256<int> low, out Vector256<int> high)
        where TFormat : struct, IAvx2Packed
    {
        TFormat.Quads(block, 0, out var w0, out var v0);
        TFormat.Quads(block, 1, out var w1, out var v1);
        TFormat.Quads(block, 2, out var w2, out var v2);
        TFormat.Quads(block, 3, out var w3, out var v3);
        low = Avx2.ShiftLeftLogical(Half<TFormat>(w0, w1, w2, w3, q), 8);
        high = Avx2.ShiftLeftLogical(Half<TFormat>(v0, v1, v2, v3, q + 16), 8);
        if (n[QuantizedRows.Wide] != 0)
        {
            low = Avx2.Add(low, Half<TFormat>(w0, w1, w2, w3, q + QuantizedRows.PlaneBytes));
            high = Avx2.Add(high, Half<TFormat>(v0, v1, v2, v3, q + QuantizedRows.PlaneBytes + 16));
        }
        low = Avx2.Add(low, Zero<TFormat>(TFormat.HasHalves ? n : n + QuantizedRows.Both));
        if (TFormat.HasHalves)
            high = Avx2.Add(high, Zero<TFormat>(n + QuantizedRows.Tile));
    }

    /// <summary>The exact sums of sixteen columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Half<TFormat>(Vector256<byte> w0, Vector256<byte> w1, Vector256<byte> w2, Vector256<byte> w3, nint q)
        where TFormat : struct, IAvx2Packed
    {
        var sum = Avx2Dot.Step(TFormat.Bits, default, w0, Avx2Dot.Broadcast(q));
        sum = Avx2Dot.Step(TFormat.Bits, sum, w1, Avx2Dot.Broadcast(q + 4));
        sum = Avx2Dot.Step(TFormat.Bits, sum, w2, Avx2Dot.Broadcast(q + 8));
        return Avx2Dot.Finish(TFormat.Bits, Avx2Dot.Step(TFormat.Bits, sum, w3, Avx2Dot.Broadcast(q + 12)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Zero<TFormat>(int* n) where TFormat : struct, IAvx2Packed =>
        TFormat.ZeroShift == 0 || Avx2Dot.IsSigned(TFormat.Bits)
            ? Vector256<int>.Zero
            : Vector256.Create(*n << TFormat.ZeroShift);
}
