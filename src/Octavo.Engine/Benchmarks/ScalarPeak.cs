using System.Runtime.CompilerServices;

namespace Octavo.Engine.Benchmarks;

/// <summary>One number at a time.</summary>
internal sealed unsafe class ScalarPeak : PeakKernels
{
    private const int Chains = 8;
    private const int Bytes = 8;

    public override double FloatOperations => 2.0 * Chains;

    public override double IntegerOperations => 2.0 * Bytes;

    public override string IntegerForm => "one at a time";

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override long Read(byte* data, nint bytes)
    {
        long a = 0, b = 0, c = 0, d = 0;
        for (var end = data + bytes; data < end; data += 32)
        {
            a ^= *(long*)data;
            b ^= *(long*)(data + 8);
            c ^= *(long*)(data + 16);
            d ^= *(long*)(data + 24);
        }
        return a ^ b ^ c ^ d;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override float MultiplyAdd(int rounds)
    {
        // x/2 + 1 goes to 2 from wherever it starts: never subnormal, never infinite
        float a = 1, b = 2, c = 3, d = 4, e = 5, f = 6, g = 7, h = 8;
        for (var round = 0; round < rounds; round++)
        {
            a = (a * 0.5f) + 1;
            b = (b * 0.5f) + 1;
            c = (c * 0.5f) + 1;
            d = (d * 0.5f) + 1;
            e = (e * 0.5f) + 1;
            f = (f * 0.5f) + 1;
            g = (g * 0.5f) + 1;
            h = (h * 0.5f) + 1;
        }
        return a + b + c + d + e + f + g + h;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override int Dot(byte* data, int rounds)
    {
        int w0 = data[0], w1 = data[1], w2 = data[2], w3 = data[3];
        int a = 0, b = 0, c = 0, d = 0;
        for (var round = 0; round < rounds; round++)
        {
            var x = (sbyte*)data + ((round & 255) * Bytes);
            a += (w0 * x[0]) + (w1 * x[1]);
            b += (w2 * x[2]) + (w3 * x[3]);
            c += (w0 * x[4]) + (w1 * x[5]);
            d += (w2 * x[6]) + (w3 * x[7]);
        }
        return a + b + c + d;
    }
}
