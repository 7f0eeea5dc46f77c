using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Octavo.Engine.Benchmarks;

/// <summary>128-bit vectors of any processor. Bytes are widened to 16 bits before they are multiplied.</summary>
internal sealed unsafe class PortablePeak : PeakKernels
{
    private const int Chains = 10;
    private const int Bytes = 64;

    public override double FloatOperations => 2.0 * Chains * Vector128<float>.Count;

    public override double IntegerOperations => 2.0 * Bytes;

    public override string IntegerForm => ShortSums;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override long Read(byte* data, nint bytes)
    {
        var a = Vector128<long>.Zero;
        var b = a;
        var c = a;
        var d = a;
        for (var end = data + bytes; data < end; data += 64)
        {
            a ^= Vector128.Load((long*)data);
            b ^= Vector128.Load((long*)(data + 16));
            c ^= Vector128.Load((long*)(data + 32));
            d ^= Vector128.Load((long*)(data + 48));
        }
        return Vector128.Sum(a ^ b ^ c ^ d);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override float MultiplyAdd(int rounds)
    {
        // x/2 + 1 goes to 2 from wherever it starts: never subnormal, never infinite
        var half = Vector128.Create(0.5f);
        var one = Vector128.Create(1f);
        var (a, b, c, d, e) = (one, one + one, one + half, half, one - half);
        var (f, g, h, i, j) = (a + half, b + half, c + half, d + d, e + one);
        for (var round = 0; round < rounds; round++)
        {
            a = Vector128.MultiplyAddEstimate(a, half, one);
            b = Vector128.MultiplyAddEstimate(b, half, one);
            c = Vector128.MultiplyAddEstimate(c, half, one);
            d = Vector128.MultiplyAddEstimate(d, half, one);
            e = Vector128.MultiplyAddEstimate(e, half, one);
            f = Vector128.MultiplyAddEstimate(f, half, one);
            g = Vector128.MultiplyAddEstimate(g, half, one);
            h = Vector128.MultiplyAddEstimate(h, half, one);
            i = Vector128.MultiplyAddEstimate(i, half, one);
            j = Vector128.MultiplyAddEstimate(j, half, one);
        }
        return Vector128.Sum(a + b + c + d + e + f + g + h + i + j);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override int Dot(byte* data, int rounds)
    {
        var w = Vector128.WidenLower(Vector128.Load((sbyte*)data));
        var sum = Vector128<int>.Zero;
        for (var round = 0; round < rounds; round++)
        {
            var x = (sbyte*)data + ((round & 63) * Bytes);
            var s0 = Vector128<short>.Zero;
            var s1 = s0;
            for (var part = 0; part < Bytes; part += 16)
            {
                var (low, high) = Vector128.Widen(Vector128.Load(x + part));
                s0 += w * low;
                s1 += w * high;
            }
            var (first, second) = Vector128.Widen(s0 + s1);
            sum += first + second;
        }
        return Vector128.Sum(sum);
    }
}
