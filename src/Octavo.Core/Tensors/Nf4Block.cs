using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Core.Tensors;

/// <summary>Blocks of NF4 in vectors of eight numbers.</summary>
internal static class Nf4Block
{
    /// <summary>Writes the 32 bytes of 64 numbers and returns their largest magnitude, which is not finite where one of them is not.</summary>
    /// <param name="x">64 numbers.</param>
    /// <param name="borders">The 15 borders between levels: a number's code is how many it is above.</param>
    /// <param name="packed">32 bytes.</param>
    public static float Quantize(ReadOnlySpan<float> x, float[] borders, Span<byte> packed)
    {
        ref var first = ref MemoryMarshal.GetReference(x);
        var largest = Vector256<float>.Zero;
        for (nuint i = 0; i < Nf4.Block; i += 8)
            largest = Vector256.Max(largest, Vector256.Abs(Vector256.LoadUnsafe(ref first, i)));
        var scale = 0f;
        for (var lane = 0; lane < 8; lane++)
            scale = MathF.Max(scale, largest[lane]);
        // of a block of zeros all codes are that of 0
        var divisor = Vector256.Create(scale == 0 ? 1 : scale);
        for (nuint half = 0; half < 2; half++, first = ref Unsafe.Add(ref first, 32))
        {
            var low = Vector256.Narrow(Codes(ref first, 0, divisor, borders), Codes(ref first, 8, divisor, borders));
            var high = Vector256.Narrow(Codes(ref first, 16, divisor, borders), Codes(ref first, 24, divisor, borders));
            // neighbours as one word: the first is its low byte and goes to the high bits
            var pairs = Vector256.Narrow(low, high).AsUInt16();
            var joined = (Vector256.ShiftLeft(pairs, 4) | Vector256.ShiftRightLogical(pairs, 8)) & Vector256.Create((ushort)0xFF);
            Vector256.Narrow(joined, joined).GetLower().StoreUnsafe(ref MemoryMarshal.GetReference(packed), half * 16);
        }
        return scale;
    }

    /// <summary>Numbers of whole blocks; for processors with AVX2.</summary>
    /// <param name="packed">32 bytes per block.</param>
    /// <param name="scales">One per block.</param>
    /// <param name="levels">The 16 levels.</param>
    /// <param name="y">64 numbers per block.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dequantize(ReadOnlySpan<byte> packed, ReadOnlySpan<float> scales, float[] levels, Span<float> y)
    {
        ref var from = ref MemoryMarshal.GetReference(packed);
        ref var to = ref MemoryMarshal.GetReference(y);
        var (low, high) = (Vector256.Create<float>(levels.AsSpan(0, 8)), Vector256.Create<float>(levels.AsSpan(8, 8)));
        var nibble = Vector128.Create((byte)15);
        for (var block = 0; block < scales.Length; block++)
        {
            var scale = Vector256.Create(scales[block]);
            for (nuint half = 0; half < 2; half++, from = ref Unsafe.Add(ref from, 16), to = ref Unsafe.Add(ref to, 32))
            {
                var bytes = Vector128.LoadUnsafe(ref from);
                var first = Vector128.ShiftRightLogical(bytes.AsUInt16(), 4).AsByte() & nibble;
                var second = bytes & nibble;
                var (a, b) = (Sse2.UnpackLow(first, second), Sse2.UnpackHigh(first, second));
                Store(a, low, high, scale, ref to, 0);
                Store(Sse2.ShiftRightLogical128BitLane(a, 8), low, high, scale, ref to, 8);
                Store(b, low, high, scale, ref to, 16);
                Store(Sse2.ShiftRightLogical128BitLane(b, 8), low, high, scale, ref to, 24);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        Vector128<byte> codes, Vector256<float> low, Vector256<float> high, Vector256<float> scale, ref float to, nuint at)
    {
        // a table of eight looks at three bits; the fourth, moved to the sign, says which table
        var wide = Avx2.ConvertToVector256Int32(codes);
        var (a, b) = (Avx2.PermuteVar8x32(low, wide), Avx2.PermuteVar8x32(high, wide));
        (Avx.BlendVariable(a, b, Avx2.ShiftLeftLogical(wide, 28).AsSingle()) * scale).StoreUnsafe(ref to, at);
    }

    private static Vector256<int> Codes(ref float first, nuint at, Vector256<float> divisor, float[] borders)
    {
        var x = Vector256.LoadUnsafe(ref first, at) / divisor;
        var codes = Vector256<int>.Zero;
        foreach (var border in borders)
            codes -= Vector256.GreaterThan(x, Vector256.Create(border)).AsInt32();
        return codes;
    }
}
