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
        var limit = Rounding.Limit(to.Bits, to.Bits == 16 ? 0 : Avx2Elementwise.SumOfSquares(x, to.Columns), to.Columns);
        var q = to.Q;
        var n = to.N;
        var (d, s) = ((nint)to.D, (nint)to.S);
        for (var blocks = to.Blocks; blocks > 0; blocks--)
        {
            var v0 = Vector256.Load(x);
            var v1 = Vector256.Load(x + 8);
            var v2 = Vector256.Load(x + 16);
            var v3 = Vector256.Load(x + 24);
            var top = Top(v0, v1, v2, v3);
            var wide = BitConverter.Int32BitsToSingle(top) > limit;
            var scale = Rounding.Scale(top, wide ? Rounding.Word : Rounding.Byte, out var inverse);
            // zeros, or a number that is not finite: its NaN is in the scale
            if (inverse == 0)
                v0 = v1 = v2 = v3 = Vector256<float>.Zero;
            var by = Vector256.Create(inverse);
            var q01 = Avx2.PackSignedSaturate(Avx.ConvertToVector256Int32(v0 * by), Avx.ConvertToVector256Int32(v1 * by));
            var q23 = Avx2.PackSignedSaturate(Avx.ConvertToVector256Int32(v2 * by), Avx.ConvertToVector256Int32(v3 * by));
            // packing works within halves: put the quarters in order
            q01 = Avx2.Permute4x64(q01.AsInt64(), 0b11_01_10_00).AsInt16();
            q23 = Avx2.Permute4x64(q23.AsInt64(), 0b11_01_10_00).AsInt16();
            if (wide)
            {
                q01 = WithoutLowest(q01);
                q23 = WithoutLowest(q23);
                StoreBytes(High(q01), High(q23), q);
                StoreBytes(Low(q01), Low(q23), q + QuantizedRows.PlaneBytes);
            }
            else
            {
                StoreBytes(q01, q23, q);
                Vector256<sbyte>.Zero.Store(q + QuantizedRows.PlaneBytes);
            }
            // d and the sums are those of q = 256·high + low
            var (first, second) = wide ? (Sum(q01), Sum(q23)) : (256 * Sum(q01), 256 * Sum(q23));
            scale = wide ? scale : scale / 256;
            n[0] = -first;
            n[QuantizedRows.Tile] = -second;
            n[QuantizedRows.Both] = -first - second;
            n[QuantizedRows.Wide] = wide ? 1 : 0;
            *(float*)d = scale;
            *(float*)s = scale * (first + second);
            x += 32;
            q += QuantizedRows.BlockBytes;
            d += sizeof(float) * QuantizedRows.Tile;
            s += sizeof(float) * QuantizedRows.Tile;
            n += QuantizedRows.Numbers;
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
