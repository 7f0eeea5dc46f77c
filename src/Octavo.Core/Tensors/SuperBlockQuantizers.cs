using System.Runtime.InteropServices;

namespace Octavo.Core.Tensors;

/// <summary>
/// Writes blocks of 256 numbers. Scales are searched: of a handful of candidates the one whose best fit in weighted least squares has the
/// smallest error. Layouts are those that <see cref="SuperBlocks"/> reads.
/// </summary>
internal static class SuperBlockQuantizers
{
    private const int Size = 256;
    private const float Tiny = 1e-15f;

    /// <summary>Eight blocks of 32 in four bits, each with a scale and a minimum of six bits.</summary>
    public static void Q4_K(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<float> scales = stackalloc float[8];
        Span<float> minima = stackalloc float[8];
        for (var j = 0; j < 8; j++)
            (scales[j], minima[j]) = FitLine(values.Slice(32 * j, 32), 15);
        var (largestScale, largestMinimum) = (Largest(scales), Largest(minima));
        Quantizer.WriteScale(largestScale / 63, block);
        Quantizer.WriteScale(largestMinimum / 63, block[2..]);
        var packed = block.Slice(4, 12);
        packed.Clear();
        for (var j = 0; j < 8; j++)
            PutSixBits(packed, j, SixBits(scales[j], largestScale), SixBits(minima[j], largestMinimum));

        // the numbers are rounded again, to what the rounded factors give
        var (d, dmin) = ((float)MemoryMarshal.Read<Half>(block), (float)MemoryMarshal.Read<Half>(block[2..]));
        Span<byte> numbers = stackalloc byte[Size];
        for (var j = 0; j < 8; j++)
        {
            var scale = d * SixBits(scales[j], largestScale);
            var minimum = dmin * SixBits(minima[j], largestMinimum);
            for (var i = 32 * j; i < 32 * (j + 1); i++)
                numbers[i] = scale == 0 ? (byte)0 : (byte)Math.Clamp(MathF.Round((values[i] + minimum) / scale), 0, 15);
        }
        for (int from = 0, to = 16; from < Size; from += 64)
        {
            for (var i = 0; i < 32; i++)
                block[to++] = (byte)(numbers[from + i] | (numbers[from + 32 + i] << 4));
        }
    }

    /// <summary>Sixteen blocks of 16 in six bits with a sign, each with a scale of eight bits.</summary>
    public static void Q6_K(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<float> scales = stackalloc float[16];
        var largest = 0f;
        for (var j = 0; j < 16; j++)
        {
            scales[j] = FitScale(values.Slice(16 * j, 16), 32);
            if (MathF.Abs(scales[j]) > MathF.Abs(largest))
                largest = scales[j];
        }
        block.Clear();
        if (MathF.Abs(largest) < Tiny)
            return;
        Quantizer.WriteScale(largest / -128, block[208..]);
        var d = (float)MemoryMarshal.Read<Half>(block[208..]);
        Span<byte> numbers = stackalloc byte[Size];
        for (var j = 0; j < 16; j++)
        {
            var scale = (sbyte)Math.Min(127, MathF.Round(-128 / largest * scales[j]));
            block[192 + j] = (byte)scale;
            var step = d * scale;
            for (var i = 16 * j; i < 16 * (j + 1); i++)
                numbers[i] = (byte)(32 + (step == 0 ? 0 : (int)Math.Clamp(MathF.Round(values[i] / step), -32, 31)));
        }
        for (var half = 0; half < 2; half++)
            PutSixBitNumbers(numbers.Slice(128 * half, 128), block.Slice(64 * half, 64), block.Slice(128 + (32 * half), 32));
    }

    private static void PutSixBitNumbers(ReadOnlySpan<byte> numbers, Span<byte> low, Span<byte> high)
    {
        for (var i = 0; i < 32; i++)
        {
            var (a, b, c, e) = (numbers[i], numbers[32 + i], numbers[64 + i], numbers[96 + i]);
            low[i] = (byte)((a & 15) | ((c & 15) << 4));
            low[32 + i] = (byte)((b & 15) | ((e & 15) << 4));
            high[i] = (byte)((a >> 4) | ((b >> 4) << 2) | ((c >> 4) << 4) | ((e >> 4) << 6));
        }
    }

    // the last four borrow the upper two bits of the first eight bytes
    private static void PutSixBits(Span<byte> packed, int block, int scale, int minimum)
    {
        if (block < 4)
        {
            packed[block] |= (byte)scale;
            packed[block + 4] |= (byte)minimum;
            return;
        }
        packed[block + 4] = (byte)((scale & 15) | ((minimum & 15) << 4));
        packed[block - 4] |= (byte)((scale >> 4) << 6);
        packed[block] |= (byte)((minimum >> 4) << 6);
    }

    private static int SixBits(float factor, float largest) => largest > 0 ? (int)Math.Min(63, MathF.Round(63 / largest * factor)) : 0;

    private static float Largest(ReadOnlySpan<float> numbers)
    {
        var largest = 0f;
        foreach (var number in numbers)
            largest = MathF.Max(largest, number);
        return largest;
    }

    /// <summary>x ≈ scale · q − minimum with q from 0 to most and minimum ≥ 0; large numbers weigh more.</summary>
    private static (float Scale, float Minimum) FitLine(ReadOnlySpan<float> x, int most)
    {
        Span<float> weights = stackalloc float[32];
        var (low, high, squares) = (x[0], x[0], 0f);
        foreach (var number in x)
            (low, high, squares) = (MathF.Min(low, number), MathF.Max(high, number), squares + (number * number));
        low = MathF.Min(low, 0);
        if (high - low < Tiny)
            return (0, -low);
        var usual = MathF.Sqrt(squares / x.Length);
        for (var i = 0; i < x.Length; i++)
            weights[i] = usual + MathF.Abs(x[i]);
        var best = ((high - low) / most, low);
        var least = Error(x, weights, most / (high - low), low, most, best);
        for (var step = 0; step <= 20; step++)
        {
            var inverse = (most - 1 + (0.1f * step)) / (high - low);
            if (SolveLine(x, weights, inverse, low, most) is not { } line)
                continue;
            var error = Error(x, weights, inverse, low, most, line);
            if (error < least)
                (best, least) = (line, error);
        }
        return (best.Item1, -best.Item2);
    }

    /// <summary>The least-squares line through (q, x) with q = round(inverse · (x − low)); null where the q are all one number.</summary>
    private static (float, float)? SolveLine(ReadOnlySpan<float> x, ReadOnlySpan<float> weights, float inverse, float low, int most)
    {
        var (w, wq, wqq, wx, wqx) = (0f, 0f, 0f, 0f, 0f);
        for (var i = 0; i < x.Length; i++)
        {
            var q = Level(x[i], inverse, low, most);
            w += weights[i];
            wq += weights[i] * q;
            wqq += weights[i] * q * q;
            wx += weights[i] * x[i];
            wqx += weights[i] * q * x[i];
        }
        var determinant = (w * wqq) - (wq * wq);
        if (determinant <= 0)
            return null;
        var (scale, offset) = (((w * wqx) - (wx * wq)) / determinant, ((wqq * wx) - (wq * wqx)) / determinant);
        // the minimum is stored without a sign
        return offset > 0 ? (wqx / wqq, 0) : (scale, offset);
    }

    private static float Error(ReadOnlySpan<float> x, ReadOnlySpan<float> weights, float inverse, float low, int most, (float Scale, float Offset) line)
    {
        var error = 0f;
        for (var i = 0; i < x.Length; i++)
        {
            var difference = (line.Scale * Level(x[i], inverse, low, most)) + line.Offset - x[i];
            error += weights[i] * difference * difference;
        }
        return error;
    }

    private static float Level(float x, float inverse, float low, int most) => Math.Clamp(MathF.Round(inverse * (x - low)), 0, most);

    /// <summary>x ≈ scale · q with q from −most to most − 1; numbers weigh as their squares.</summary>
    private static float FitScale(ReadOnlySpan<float> x, int most)
    {
        var largest = 0f;
        foreach (var number in x)
        {
            if (MathF.Abs(number) > MathF.Abs(largest))
                largest = number;
        }
        if (MathF.Abs(largest) < Tiny)
            return 0;
        var (best, scale) = (-1f, 0f);
        for (var step = -9; step <= 9; step++)
        {
            // of the largest number's own sign q reaches further
            var inverse = -(most + (0.1f * step)) / largest;
            var (wqx, wqq) = (0f, 0f);
            foreach (var number in x)
            {
                var q = Math.Clamp(MathF.Round(inverse * number), -most, most - 1);
                var weight = number * number;
                wqx += weight * q * number;
                wqq += weight * q * q;
            }
            if (wqq > 0 && wqx * wqx > best * wqq)
                (best, scale) = (wqx * wqx / wqq, wqx / wqq);
        }
        return scale;
    }
}
