using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

/// <summary>Small inlined pieces that the AVX2 kernels share.</summary>
internal static unsafe class Avx2Lanes
{
    /// <summary>The fp16 numbers in the lower 16 bits of each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LowHalves(Vector256<int> packed) => HighHalves(Avx2.ShiftLeftLogical(packed, 16));

    /// <summary>The fp16 numbers in the upper 16 bits of each lane, subnormals, infinities and NaN included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> HighHalves(Vector256<int> packed)
    {
        // exponent and fraction moved to where fp32 has them; the biases differ by 112
        var bits = Avx2.ShiftRightArithmetic(packed, 3) & Vector256.Create(unchecked((int)0x8FFFE000));
        var scaled = bits.AsSingle() * Vector256.Create(Fp16.Bias);
        var top = Vector256.Create(0x0F800000);
        var special = Avx2.CompareEqual(bits & top, top) & Vector256.Create(0x7F800000);
        return scaled | special.AsSingle();
    }

    /// <summary>The sums of four vectors' lanes, each in the order ((l0 + l2) + (l1 + l3)) + ((l4 + l6) + (l5 + l7)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sum(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d)
    {
        var ab = Avx.UnpackLow(a, b) + Avx.UnpackHigh(a, b);
        var cd = Avx.UnpackLow(c, d) + Avx.UnpackHigh(c, d);
        var abcd = Avx.UnpackLow(ab.AsDouble(), cd.AsDouble()).AsSingle() + Avx.UnpackHigh(ab.AsDouble(), cd.AsDouble()).AsSingle();
        return abcd.GetLower() + abcd.GetUpper();
    }

    /// <summary>The same for one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector256<float> v)
    {
        var two = v + Avx.Permute(v, 0b11_10_11_10);
        var one = two + Avx.Permute(two, 1);
        return one.GetLower().ToScalar() + one.GetUpper().ToScalar();
    }

    /// <summary>The largest lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Top(Vector256<float> v)
    {
        var four = Sse.Max(v.GetLower(), v.GetUpper());
        var two = Sse.Max(four, Sse.MoveHighToLow(four, four));
        return Sse.MaxScalar(two, Sse.Shuffle(two, two, 1)).ToScalar();
    }

    /// <summary>Fetches 32 numbers of a page early.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch<TNumbers>(byte* ahead) where TNumbers : struct, INumbers
    {
        if (!TNumbers.InPage)
            return;
        Sse.Prefetch0(ahead);
        if (TNumbers.Bytes == 4)
            Sse.Prefetch0(ahead + 64);
    }

    /// <summary>A mask of the first <paramref name="count"/> lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> First(int count) =>
        Avx2.CompareGreaterThan(Vector256.Create(count), Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7)).AsSingle();

    /// <summary>Stores the first <paramref name="count"/> lanes; at least one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> lanes, float* y, int count)
    {
        if (count >= 8)
            lanes.Store(y);
        else
            Avx.MaskStore(y, First(count), lanes);
    }
}
