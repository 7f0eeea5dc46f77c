using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

/// <summary>Stores keys and values, eight numbers at a time; the same bytes as <see cref="ScalarPages"/>.</summary>
internal static unsafe class Avx2Pages
{
    private const int Positions = PageLayout.Positions;

    public static bool Store(in PageView page, int slot, float* k, float* v)
    {
        var headDim = page.Layout.HeadDim;
        if (headDim % 8 != 0 || page.Layout.Type == KvType.F32)
            return ScalarPages.Store(page, slot, k, v);
        var values = page.Values + ((long)slot * page.Layout.ValueStride * page.Layout.ElementBytes);
        if (page.Layout.Type == KvType.F16)
            return StoreHalves(k, v, headDim, (ushort*)page.Keys + slot, (ushort*)values);
        for (var first = 0; first < headDim; first += PageLayout.BlockDims)
        {
            var count = Math.Min(PageLayout.BlockDims, headDim - first);
            var scales = (first / PageLayout.BlockDims * Positions) + slot;
            var keys = (sbyte*)page.Keys + (first * Positions) + slot;
            var inverse = Vector256.Create(Scale(k + first, count, page.KeyScales + scales));
            for (var i = 0; i < count; i += 8, keys += 8 * Positions)
                Scatter(Round(Vector256.Load(k + first + i) * inverse), keys);
            inverse = Vector256.Create(Scale(v + first, count, page.ValueScales + scales));
            for (var i = first; i < first + count; i += 8)
                *(long*)(values + i) = Round(Vector256.Load(v + i) * inverse).AsInt64().ToScalar();
        }
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool StoreHalves(float* k, float* v, int headDim, ushort* keys, ushort* values)
    {
        var top = Vector256<int>.Zero;
        for (var d = 0; d < headDim; d += 8)
        {
            var h = Halve(Vector256.Load(k + d).AsInt32(), ref top);
            keys[0] = h.GetElement(0);
            keys[Positions] = h.GetElement(1);
            keys[2 * Positions] = h.GetElement(2);
            keys[3 * Positions] = h.GetElement(3);
            keys[4 * Positions] = h.GetElement(4);
            keys[5 * Positions] = h.GetElement(5);
            keys[6 * Positions] = h.GetElement(6);
            keys[7 * Positions] = h.GetElement(7);
            keys += 8 * Positions;
            Halve(Vector256.Load(v + d).AsInt32(), ref top).Store(values + d);
        }
        return Avx2.MoveMask(Avx2.CompareGreaterThan(top, Vector256.Create(ScalarPages.TooLarge - 1)).AsByte()) == 0;
    }

    /// <summary>fp16 bits as <see cref="ScalarPages.Halve"/> makes them; <paramref name="top"/> gathers the magnitudes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> Halve(Vector256<int> bits, ref Vector256<int> top)
    {
        var magnitude = bits & Vector256.Create(0x7FFFFFFF);
        top = Avx2.Max(top, magnitude);
        var odd = Avx2.ShiftRightLogical(magnitude, 13) & Vector256<int>.One;
        var rounded = Avx2.ShiftRightLogical(magnitude + Vector256.Create(0xFFF) + odd, 13) - Vector256.Create(112 << 10);
        rounded &= Avx2.CompareGreaterThan(rounded, Vector256.Create(0x3FF));
        var half = rounded | (Avx2.ShiftRightLogical(bits, 16) & Vector256.Create(0x8000));
        return Sse41.PackUnsignedSaturate(half.GetLower(), half.GetUpper());
    }

    /// <summary>Writes the scale of a block and returns its inverse; 0 makes every number 0.</summary>
    private static float Scale(float* x, int count, float* scale)
    {
        var high = Vector256<int>.Zero;
        for (var i = 0; i < count; i += 8)
            high = Avx2.Max(high, Vector256.Load(x + i).AsInt32() & Vector256.Create(0x7FFFFFFF));
        var four = Sse41.Max(high.GetLower(), high.GetUpper());
        var two = Sse41.Max(four, Sse2.Shuffle(four, 0b01_00_11_10));
        *scale = Rounding.Scale(Sse41.Max(two, Sse2.Shuffle(two, 1)).ToScalar(), 127, out var inverse);
        return inverse;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<sbyte> Round(Vector256<float> numbers)
    {
        var whole = Avx.ConvertToVector256Int32(numbers);
        var shorts = Sse2.PackSignedSaturate(whole.GetLower(), whole.GetUpper());
        return Sse2.PackSignedSaturate(shorts, shorts);
    }

    private static void Scatter(Vector128<sbyte> eight, sbyte* keys)
    {
        var bits = eight.AsUInt64().ToScalar();
        for (var i = 0; i < 8; i++, bits >>= 8, keys += Positions)
            *keys = (sbyte)bits;
    }
}
