using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

/// <summary>Quantizes activations; see <see cref="QuantizedRows"/>.</summary>
internal static unsafe class Avx2Quantize
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* x, in QuantizedRows to)
    {
        var q = to.Q;
        var n = to.N;
        var planes = to.Planes;
        var largest = Rounding.Largest(planes);
        var (d, s) = ((nint)to.D, (nint)to.S);
        for (var b = 0; b < to.Blocks; b++, x += 32, q += QuantizedRows.PlaneBytes * planes, n += QuantizedRows.Zeros)
        {
            var v0 = Vector256.Load(x);
            var v1 = Vector256.Load(x + 8);
            var v2 = Vector256.Load(x + 16);
            var v3 = Vector256.Load(x + 24);
            var scale = Rounding.Scale(Top(v0, v1, v2, v3), largest, out var inverse);
            // zeros, or a number that is not finite: its NaN is in the scale
            var by = inverse == 0 ? Vector256<float>.Zero : Vector256.Create(inverse);
            if (inverse == 0)
                v0 = v1 = v2 = v3 = Vector256<float>.Zero;
            var q01 = Avx2.PackSignedSaturate(Avx.ConvertToVector256Int32(v0 * by), Avx.ConvertToVector256Int32(v1 * by));
            var q23 = Avx2.PackSignedSaturate(Avx.ConvertToVector256Int32(v2 * by), Avx.ConvertToVector256Int32(v3 * by));
            // packing works within halves: put the quarters in order
            q01 = Avx2.Permute4x64(q01.AsInt64(), 0b11_01_10_00).AsInt16();
            q23 = Avx2.Permute4x64(q23.AsInt64(), 0b11_01_10_00).AsInt16();
            if (planes == 2)
            {
                q01 = WithoutLowest(q01);
                q23 = WithoutLowest(q23);
                StoreBytes(High(q01), High(q23), q);
                StoreBytes(Low(q01), Low(q23), q + QuantizedRows.PlaneBytes);
            }
            else
            {
                StoreBytes(q01, q23, q);
            }
            var (first, second) = (Sum(q01), Sum(q23));
            n[0] = -first;
            n[QuantizedRows.Tile] = -second;
            n[2 * QuantizedRows.Tile] = -first - second;
            *(float*)d = scale;
            *(float*)s = scale * (first + second);
            d += sizeof(float) * QuantizedRows.Tile;
            s += sizeof(float) * QuantizedRows.Tile;
        }
    }

    /// <summary>The bits of the largest magnitude: as integers magnitudes keep their order, NaN and infinity above all numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Top(Vector256<float> v0, Vector256<float> v1, Vector256<float> v2, Vector256<float> v3)
    {
        var magnitude = Vector256.Create(0x7FFFFFFF);
        var high = Avx2.Max(
            Avx2.Max(v0.AsInt32() & magnitude, v1.AsInt32() & magnitude),
            Avx2.Max(v2.AsInt32() & magnitude, v3.AsInt32() & magnitude));
        var four = Sse41.Max(high.GetLower(), high.GetUpper());
        var two = Sse41.Max(four, Sse2.Shuffle(four, 0b01_00_11_10));
        return Sse41.Max(two, Sse2.Shuffle(two, 1)).ToScalar();
    }

    /// <summary>A low byte of −128 becomes −127: products of it could saturate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> WithoutLowest(Vector256<short> q) =>
        Avx2.Subtract(q, Avx2.CompareEqual(q & Vector256.Create((short)0xFF), Vector256.Create((short)0x80)));

    /// <summary>The high byte, rounded so that the low one is signed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> High(Vector256<short> q) =>
        Avx2.ShiftRightArithmetic(Avx2.Add(q, Vector256.Create((short)128)), 8);

    /// <summary>The low byte with its sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Low(Vector256<short> q) => Avx2.ShiftRightArithmetic(Avx2.ShiftLeftLogical(q, 8), 8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreBytes(Vector256<short> first, Vector256<short> second, sbyte* to) =>
        Avx2.Permute4x64(Avx2.PackSignedSaturate(first, second).AsInt64(), 0b11_01_10_00).AsSByte().Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Sum(Vector256<short> q)
    {
        var eight = Avx2.MultiplyAddAdjacent(q, Vector256.Create((short)1));
        var four = eight.GetLower() + eight.GetUpper();
        var two = four + Sse2.Shuffle(four, 0b01_00_11_10);
        return (two + Sse2.Shuffle(two, 1)).ToScalar();
    }
}
