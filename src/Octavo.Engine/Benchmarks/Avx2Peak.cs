using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Benchmarks;

/// <summary>256-bit vectors. Without AVX-VNNI, eight products of bytes are summed in 16 bits before they are widened.</summary>
internal sealed unsafe class Avx2Peak : PeakKernels
{
    private const int Chains = 10;
    private const int Products = 16;

    public override double FloatOperations => 2.0 * Chains * Vector256<float>.Count;

    public override double IntegerOperations => VnniDot.IsSupported ? VnniDot.Operations : SumShortsOperations;

    /// <summary>Operations of one round of <see cref="SumShorts"/>.</summary>
    internal static double SumShortsOperations => 2.0 * Products * Vector256<byte>.Count;

    public override string IntegerForm => VnniDot.IsSupported ? Vnni : ShortSums;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override long Read(byte* data, nint bytes)
    {
        var a = Vector256<long>.Zero;
        var b = a;
        var c = a;
        var d = a;
        for (var end = data + bytes; data < end; data += ReadStep)
        {
            Sse.Prefetch0(data + Ahead);
            Sse.Prefetch0(data + Ahead + 64);
            Sse.Prefetch0(data + Ahead + 128);
            Sse.Prefetch0(data + Ahead + 192);
            a ^= Vector256.Load((long*)data);
            b ^= Vector256.Load((long*)(data + 32));
            c ^= Vector256.Load((long*)(data + 64));
            d ^= Vector256.Load((long*)(data + 96));
            a ^= Vector256.Load((long*)(data + 128));
            b ^= Vector256.Load((long*)(data + 160));
            c ^= Vector256.Load((long*)(data + 192));
            d ^= Vector256.Load((long*)(data + 224));
        }
        return Vector256.Sum(a ^ b ^ c ^ d);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override float MultiplyAdd(int rounds)
    {
        // x/2 + 1 goes to 2 from wherever it starts: never subnormal, never infinite
        var half = Vector256.Create(0.5f);
        var one = Vector256.Create(1f);
        var (a, b, c, d, e) = (one, one + one, one + half, half, one - half);
        var (f, g, h, i, j) = (a + half, b + half, c + half, d + d, e + one);
        for (var round = 0; round < rounds; round++)
        {
            a = Fma.MultiplyAdd(a, half, one);
            b = Fma.MultiplyAdd(b, half, one);
            c = Fma.MultiplyAdd(c, half, one);
            d = Fma.MultiplyAdd(d, half, one);
            e = Fma.MultiplyAdd(e, half, one);
            f = Fma.MultiplyAdd(f, half, one);
            g = Fma.MultiplyAdd(g, half, one);
            h = Fma.MultiplyAdd(h, half, one);
            i = Fma.MultiplyAdd(i, half, one);
            j = Fma.MultiplyAdd(j, half, one);
        }
        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j);
    }

    public override int Dot(byte* data, int rounds) => VnniDot.IsSupported ? VnniDot.Run(data, rounds) : SumShorts(data, rounds);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int SumShorts(byte* data, int rounds)
    {
        var ones = Vector256.Create((short)1);
        var w0 = Vector256.Load(data);
        var w1 = Vector256.Load(data + 32);
        var sum0 = Vector256<int>.Zero;
        var sum1 = sum0;
        for (var round = 0; round < rounds; round++)
        {
            var x = (sbyte*)data + ((round & 15) * 256);
            var s0 = Avx2.MultiplyAddAdjacent(w0, Vector256.Load(x));
            var s1 = Avx2.MultiplyAddAdjacent(w1, Vector256.Load(x));
            s0 += Avx2.MultiplyAddAdjacent(w0, Vector256.Load(x + 32));
            s1 += Avx2.MultiplyAddAdjacent(w1, Vector256.Load(x + 32));
            s0 += Avx2.MultiplyAddAdjacent(w0, Vector256.Load(x + 64));
            s1 += Avx2.MultiplyAddAdjacent(w1, Vector256.Load(x + 64));
            s0 += Avx2.MultiplyAddAdjacent(w0, Vector256.Load(x + 96));
            s1 += Avx2.MultiplyAddAdjacent(w1, Vector256.Load(x + 96));
            s0 += Avx2.MultiplyAddAdjacent(w0, Vector256.Load(x + 128));
            s1 += Avx2.MultiplyAddAdjacent(w1, Vector256.Load(x + 128));
            s0 += Avx2.MultiplyAddAdjacent(w0, Vector256.Load(x + 160));
            s1 += Avx2.MultiplyAddAdjacent(w1, Vector256.Load(x + 160));
            s0 += Avx2.MultiplyAddAdjacent(w0, Vector256.Load(x + 192));
            s1 += Avx2.MultiplyAddAdjacent(w1, Vector256.Load(x + 192));
            s0 += Avx2.MultiplyAddAdjacent(w0, Vector256.Load(x + 224));
            s1 += Avx2.MultiplyAddAdjacent(w1, Vector256.Load(x + 224));
            sum0 += Avx2.MultiplyAddAdjacent(s0, ones);
            sum1 += Avx2.MultiplyAddAdjacent(s1, ones);
        }
        return Vector256.Sum(sum0 + sum1);
    }
}
