using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

/// <summary>Planes of the activations; the JIT drops the branches of the other.</summary>
internal interface IPlanes
{
    static abstract int Count { get; }
}

internal readonly struct OnePlane : IPlanes
{
    public static int Count => 1;
}

internal readonly struct TwoPlanes : IPlanes
{
    public static int Count => 2;
}

/// <summary>
/// The product of packed weights and quantized activations for one token. Per output, over blocks (or halves) in order:
/// acc = fma(Σ w·q, d_w·d_x, acc), the sum exact; then acc = fma(m_w, s_x, acc) where the type has minima.
/// </summary>
internal static unsafe class Avx2PackedRow
{
    private const int Ahead = 2048;

    public static void Run<TFormat, TPlanes>(in PackedRows w, in QuantizedRows x, int tokens, float* y, int ldy)
        where TFormat : struct, IAvx2Packed
        where TPlanes : struct, IPlanes
    {
        var blocks = w.Columns / 32;
        var group = w.Data;
        for (var row = 0; row < w.Rows; row += PackedFormat.Rows, group += w.GroupBytes)
        {
            for (var t = 0; t < tokens; t++)
            {
                var token = x.Row(t);
                var sums = Group<TFormat, TPlanes>(group, blocks, token.Q, token.D, token.S, token.N);
                Avx2Lanes.Store(sums, y + ((long)t * ldy) + row, w.Rows - row);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector256<float> Group<TFormat, TPlanes>(byte* block, int blocks, sbyte* q, float* d, float* s, int* n)
        where TFormat : struct, IAvx2Packed
        where TPlanes : struct, IPlanes
    {
        var acc = Vector256<float>.Zero;
        for (var end = d + (blocks * QuantizedRows.Tile); d < end;)
        {
            TFormat.Factors(block, out var scaleFactor, out var minFactor);
            block += TFormat.HeaderBytes;
            for (var last = d + (TFormat.SuperBlocks * QuantizedRows.Tile); d < last; d += QuantizedRows.Tile)
            {
                Avx2Quads.Prefetch<TFormat>(block + Ahead);
                Sums<TFormat, TPlanes>(block, (nint)q, n, out var low, out var high);
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
                q += QuantizedRows.PlaneBytes * TPlanes.Count;
                n += QuantizedRows.Zeros;
            }
        }
        return acc;
    }

    /// <summary>The exact sums of the two halves of a block; where they are added anyway, the zero point of both is in the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sums<TFormat, TPlanes>(byte* block, nint q, int* n, out Vector256<int> low, out Vector256<int> high)
        where TFormat : struct, IAvx2Packed
        where TPlanes : struct, IPlanes
    {
        Vector256<int> a = default, b = default, c = default, e = default;
        TFormat.Quads(block, 0, out var w, out var v);
        Step<TFormat, TPlanes>(w, q, ref a, ref b);
        Step<TFormat, TPlanes>(v, q + 16, ref c, ref e);
        TFormat.Quads(block, 1, out w, out v);
        Step<TFormat, TPlanes>(w, q + 4, ref a, ref b);
        Step<TFormat, TPlanes>(v, q + 20, ref c, ref e);
        TFormat.Quads(block, 2, out w, out v);
        Step<TFormat, TPlanes>(w, q + 8, ref a, ref b);
        Step<TFormat, TPlanes>(v, q + 24, ref c, ref e);
        TFormat.Quads(block, 3, out w, out v);
        Step<TFormat, TPlanes>(w, q + 12, ref a, ref b);
        Step<TFormat, TPlanes>(v, q + 28, ref c, ref e);
        low = Zero<TFormat>(TFormat.HasHalves ? n : n + (2 * QuantizedRows.Tile));
        high = TFormat.HasHalves ? Zero<TFormat>(n + QuantizedRows.Tile) : default;
        if (TPlanes.Count == 2)
        {
            low = Avx2.Add(low, Avx2.ShiftLeftLogical(Avx2Dot.Finish(TFormat.Bits, a), 8));
            high = Avx2.Add(high, Avx2.ShiftLeftLogical(Avx2Dot.Finish(TFormat.Bits, c), 8));
            (a, c) = (b, e);
        }
        low = Avx2.Add(low, Avx2Dot.Finish(TFormat.Bits, a));
        high = Avx2.Add(high, Avx2Dot.Finish(TFormat.Bits, c));
    }

    /// <summary>Adds four columns to the sums of the high bytes, or of the only ones, and to those of the low bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TFormat, TPlanes>(Vector256<byte> w, nint q, ref Vector256<int> first, ref Vector256<int> second)
        where TFormat : struct, IAvx2Packed
        where TPlanes : struct, IPlanes
    {
        first = Avx2Dot.Step(TFormat.Bits, first, w, Avx2Dot.Broadcast(q));
        if (TPlanes.Count == 2)
            second = Avx2Dot.Step(TFormat.Bits, second, w, Avx2Dot.Broadcast(q + QuantizedRows.PlaneBytes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Zero<TFormat>(int* n) where TFormat : struct, IAvx2Packed =>
        TFormat.ZeroShift == 0 || Avx2Dot.IsSigned(TFormat.Bits)
            ? Vector256<int>.Zero
            : Vector256.Create(*n << TFormat.ZeroShift);
}
