using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Benchmarks;

/// <summary>512-bit vectors. Without AVX-VNNI, eight products of bytes are summed in 16 bits before they are widened.</summary>
internal sealed unsafe class Avx512Peak : PeakKernels
{
    private const int Chains = 12;
    private const int Products = 16;

    public override double FloatOperations => 2.0 * Chains * Vector512<float>.Count;

    public override double IntegerOperations => VnniDot.IsSupported ? VnniDot.Operations : SumShortsOperations;

    /// <summary>Operations of one round of <see cref="SumShorts"/>.</summary>
    internal static double SumShortsOperations => 2.0 * Products * Vector512<byte>.Count;

    public override string IntegerForm => VnniDot.IsSupported ? Vnni : ShortSums;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override long Read(byte* data, nint bytes)
    {
        var a = Vector512<long>.Zero;
        var b = a;
        var c = a;
        var d = a;
        for (var end = data + bytes; data < end; data += ReadStep)
        {
            Sse.Prefetch0(data + Ahead);
            Sse.Prefetch0(data + Ahead + 64);
            Sse.Prefetch0(data + Ahead + 128);
            Sse.Prefetch0(data + Ahead + 192);
            a ^= Vector512.Load((long*)data);
            b ^= Vector512.Load((long*)(data + 64));
            c ^= Vector512.Load((long*)(data + 128));
            d ^= Vector512.Load((long*)(data + 192));
        }
        return Vector512.Sum(a ^ b ^ c ^ d);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override float MultiplyAdd(int rounds)
    {
        // x/2 + 1 goes to 2 from wherever it starts: never subnormal, never infinite
        var half = Vector512.Create(0.5f);
        var one = Vector512.Create(1f);
        var (a, b, c, d) = (one, one + one, one + half, half);
        var (e, f, g, h) = (a + half, b + half, c + half, d + d);
        var (i, j, k, l) = (a - half, b - half, c + one, d + one);
        for (var round = 0; round < rounds; round++)
        {
            a = Avx512F.FusedMultiplyAdd(a, half, one);
            b = Avx512F.FusedMultiplyAdd(b, half, one);
            c = Avx512F.FusedMultiplyAdd(c, half, one);
            d = Avx512F.FusedMultiplyAdd(d, half, one);
            e = Avx512F.FusedMultiplyAdd(e, half, one);
            f = Avx512F.FusedMultiplyAdd(f, half, one);
            g = Avx512F.FusedMultiplyAdd(g, half, one);
            h = Avx512F.FusedMultiplyAdd(h, half, one);
            i = Avx512F.FusedMultiplyAdd(i, half, one);
            j = Avx512F.FusedMultiplyAdd(j, half, one);
            k = Avx512F.FusedMultiplyAdd(k, half, one);
            l = Avx512F.FusedMultiplyAdd(l, half, one);
        }
        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    public override int Dot(byte* data, int rounds) => VnniDot.IsSupported ? VnniDot.Run(data, rounds) : SumShorts(data, rounds);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int SumShorts(byte* data, int rounds)
    {
        var ones = Vector512.Create((short)1);
        var w0 = Vector512.Load(data);
        var w1 = Vector512.Load(data + 64);
        var sum0 = Vector512<int>.Zero;
        var sum1 = sum0;
        for (var round = 0; round < rounds; round++)
        {
            var x = (sbyte*)data + ((round & 7) * 512);
            var s0 = Avx512BW.MultiplyAddAdjacent(w0, Vector512.Load(x));
            var s1 = Avx512BW.MultiplyAddAdjacent(w1, Vector512.Load(x));
            s0 += Avx512BW.MultiplyAddAdjacent(w0, Vector512.Load(x + 64));
            s1 += Avx512BW.MultiplyAddAdjacent(w1, Vector512.Load(x + 64));
            s0 += Avx512BW.MultiplyAddAdjacent(w0, Vector512.Load(x + 128));
            s1 += Avx512BW.MultiplyAddAdjacent(w1, Vector512.Load(x + 128));
            s0 += Avx512BW.MultiplyAddAdjacent(w0, Vector512.Load(x + 192));
            s1 += Avx512BW.MultiplyAddAdjacent(w1, Vector512.Load(x + 192));
            s0 += Avx512BW.MultiplyAddAdjacent(w0, Vector512.Load(x + 256));
            s1 += Avx512BW.MultiplyAddAdjacent(w1, Vector512.Load(x + 256));
            s0 += Avx512BW.MultiplyAddAdjacent(w0, Vector512.Load(x + 320));
            s1 += Avx512BW.MultiplyAddAdjacent(w1, Vector512.Load(x + 320));
            s0 += Avx512BW.MultiplyAddAdjacent(w0, Vector512.Load(x + 384));
            s1 += Avx512BW.MultiplyAddAdjacent(w1, Vector512.Load(x + 384));
            s0 += Avx512BW.MultiplyAddAdjacent(w0, Vector512.Load(x + 448));
            s1 += Avx512BW.MultiplyAddAdjacent(w1, Vector512.Load(x + 448));
            sum0 += Avx512BW.MultiplyAddAdjacent(s0, ones);
            sum1 += Avx512BW.MultiplyAddAdjacent(s1, ones);
        }
        return Vector512.Sum(sum0 + sum1);
    }
}
