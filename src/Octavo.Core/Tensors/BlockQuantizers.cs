using System.Buffers.Binary;

namespace Octavo.Core.Tensors;

/// <summary>Turns finite fp32 numbers into one block; the layouts are those of the readers beside this file.</summary>
internal static class BlockQuantizers
{
    private const int Half = 16;

    public static void Q4_0(ReadOnlySpan<float> values, Span<byte> block)
    {
        var scale = Furthest(values) / -8;
        var inverse = Inverse(scale);
        Quantizer.WriteScale(scale, block);
        for (var j = 0; j < Half; j++)
        {
            var low = Math.Min(15, (int)((values[j] * inverse) + 8.5f));
            var high = Math.Min(15, (int)((values[j + Half] * inverse) + 8.5f));
            block[2 + j] = (byte)(low | (high << 4));
        }
    }

    public static void Q4_1(ReadOnlySpan<float> values, Span<byte> block)
    {
        var (least, scale) = Range(values, 15);
        var inverse = Inverse(scale);
        Quantizer.WriteScale(scale, block);
        Quantizer.WriteScale(least, block[2..]);
        for (var j = 0; j < Half; j++)
        {
            var low = Math.Min(15, (int)(((values[j] - least) * inverse) + 0.5f));
            var high = Math.Min(15, (int)(((values[j + Half] - least) * inverse) + 0.5f));
            block[4 + j] = (byte)(low | (high << 4));
        }
    }

    public static void Q5_0(ReadOnlySpan<float> values, Span<byte> block)
    {
        var scale = Furthest(values) / -16;
        var inverse = Inverse(scale);
        Quantizer.WriteScale(scale, block);
        Span<byte> codes = stackalloc byte[2 * Half];
        for (var j = 0; j < codes.Length; j++)
            codes[j] = (byte)Math.Min(31, (int)((values[j] * inverse) + 16.5f));
        WriteFiveBits(codes, block[2..]);
    }

    public static void Q5_1(ReadOnlySpan<float> values, Span<byte> block)
    {
        var (least, scale) = Range(values, 31);
        var inverse = Inverse(scale);
        Quantizer.WriteScale(scale, block);
        Quantizer.WriteScale(least, block[2..]);
        Span<byte> codes = stackalloc byte[2 * Half];
        for (var j = 0; j < codes.Length; j++)
            codes[j] = (byte)(int)(((values[j] - least) * inverse) + 0.5f);
        WriteFiveBits(codes, block[4..]);
    }

    public static void Q8_0(ReadOnlySpan<float> values, Span<byte> block)
    {
        var scale = MathF.Abs(Furthest(values)) / 127;
        var inverse = Inverse(scale);
        Quantizer.WriteScale(scale, block);
        for (var j = 0; j < values.Length; j++)
            block[2 + j] = (byte)(sbyte)Round(values[j] * inverse);
    }

    public static void MXFP4(ReadOnlySpan<float> values, Span<byte> block)
    {
        var largest = MathF.Abs(Furthest(values));
        // The largest code is 6 = 1.5 · 2²; the exponent byte is biased by 127.
        block[0] = (byte)(largest > 0 ? Math.Max(0, MathF.ILogB(largest) - 2 + 127) : 0);
        var scale = TableBlocks.HalfPower(block[0]);
        for (var j = 0; j < Half; j++)
            block[1 + j] = (byte)(Nearest(values[j], scale) | (Nearest(values[j + Half], scale) << 4));
    }

    public static void TQ1_0(ReadOnlySpan<float> values, Span<byte> block)
    {
        var scale = MathF.Abs(Furthest(values));
        var inverse = Inverse(scale);
        var at = 0;
        foreach (var (begin, bytes, digits) in (ReadOnlySpan<(int, int, int)>)[(0, 32, 5), (32, 16, 5), (48, 4, 4)])
        {
            for (var j = 0; j < bytes; j++)
            {
                var number = 0;
                for (var digit = 0; digit < digits; digit++)
                    number = (number * 3) + (int)Round(values[at + (digit * bytes) + j] * inverse) + 1;
                if (digits == 4)
                    number *= 3;
                // Five digits as a fraction of 256, rounded up, so that the reader finds each by multiplying.
                block[begin + j] = (byte)(((number * 256) + 242) / 243);
            }
            at += bytes * digits;
        }
        Quantizer.WriteScale(scale, block[52..]);
    }

    public static void TQ2_0(ReadOnlySpan<float> values, Span<byte> block)
    {
        var scale = MathF.Abs(Furthest(values));
        var inverse = Inverse(scale);
        block.Clear();
        for (var i = 0; i < values.Length; i++)
        {
            var code = (int)Round(values[i] * inverse) + 1;
            block[(i / 128 * 32) + (i % 32)] |= (byte)(code << (2 * (i % 128 / 32)));
        }
        Quantizer.WriteScale(scale, block[64..]);
    }

    // The signed number of largest magnitude, the first of equals.
    private static float Furthest(ReadOnlySpan<float> values)
    {
        var (largest, furthest) = (0f, 0f);
        foreach (var value in values)
        {
            if (MathF.Abs(value) > largest)
                (largest, furthest) = (MathF.Abs(value), value);
        }
        return furthest;
    }

    private static (float Least, float Scale) Range(ReadOnlySpan<float> values, int steps)
    {
        var (least, most) = (values[0], values[0]);
        foreach (var value in values)
            (least, most) = (value < least ? value : least, value > most ? value : most);
        return (least, (most - least) / steps);
    }

    private static float Inverse(float scale) => scale != 0 ? 1 / scale : 0;

    private static float Round(float value) => MathF.Round(value, MidpointRounding.AwayFromZero);

    private static int Nearest(float value, float scale)
    {
        var (best, error) = (0, MathF.Abs(value));
        for (var code = 1; code < TableBlocks.Doubled.Length; code++)
        {
            var distance = MathF.Abs((scale * TableBlocks.Doubled[code]) - value);
            if (distance < error)
                (best, error) = (code, distance);
        }
        return best;
    }

    private static void WriteFiveBits(ReadOnlySpan<byte> codes, Span<byte> block)
    {
        var fifth = 0u;
        for (var j = 0; j < codes.Length; j++)
            fifth |= (uint)(codes[j] >> 4) << j;
        BinaryPrimitives.WriteUInt32LittleEndian(block, fifth);
        for (var j = 0; j < Half; j++)
            block[4 + j] = (byte)((codes[j] & 15) | ((codes[j + Half] & 15) << 4));
    }
}
