namespace Octavo.Core.Tensors;

/// <summary>GGUF's blocks of 256 with small scales under one or two fp16 scales.</summary>
internal static class SuperBlocks
{
    // 16 bytes of (scale, minimum) nibbles, 64 bytes of codes, fp16 scale, fp16 minimum; groups of 16.
    public static void Q2_K(ReadOnlySpan<byte> block, Span<float> values)
    {
        var (scale, least) = (LegacyBlocks.Scale(block, 80), LegacyBlocks.Scale(block, 82));
        for (var i = 0; i < values.Length; i++)
        {
            var small = block[i / 16];
            values[i] = (scale * (small & 15) * TwoBits(block[16..], i)) - (least * (small >> 4));
        }
    }

    // 32 bytes of third bits, 64 bytes of codes, 12 bytes of 6-bit scales, fp16 scale; groups of 16.
    public static void Q3_K(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = LegacyBlocks.Scale(block, 108);
        var small = block.Slice(96, 12);
        for (var i = 0; i < values.Length; i++)
        {
            var group = i / 16;
            var low = group < 8 ? small[group] & 15 : small[group - 8] >> 4;
            var high = (small[8 + (group % 4)] >> (2 * (group / 4))) & 3;
            var third = (block[i % 32] >> (i / 32)) & 1;
            values[i] = scale * ((low | (high << 4)) - 32) * (TwoBits(block[32..], i) - (third == 1 ? 0 : 4));
        }
    }

    // fp16 scale, fp16 minimum, 12 bytes of 6-bit scales and minima, 128 bytes of codes; groups of 32.
    public static void Q4_K(ReadOnlySpan<byte> block, Span<float> values)
    {
        var (scale, least) = (LegacyBlocks.Scale(block, 0), LegacyBlocks.Scale(block, 2));
        for (var i = 0; i < values.Length; i++)
        {
            var (small, smallLeast) = SixBits(block.Slice(4, 12), i / 32);
            values[i] = (scale * small * FourBits(block[16..], i)) - (least * smallLeast);
        }
    }

    // As Q4_K with 32 bytes of fifth bits before the codes.
    public static void Q5_K(ReadOnlySpan<byte> block, Span<float> values)
    {
        var (scale, least) = (LegacyBlocks.Scale(block, 0), LegacyBlocks.Scale(block, 2));
        for (var i = 0; i < values.Length; i++)
        {
            var (small, smallLeast) = SixBits(block.Slice(4, 12), i / 32);
            var fifth = (block[16 + (i % 32)] >> (i / 32)) & 1;
            values[i] = (scale * small * (FourBits(block[48..], i) | (fifth << 4))) - (least * smallLeast);
        }
    }

    // 128 bytes of low bits, 64 bytes of high bits, 16 signed scales, fp16 scale; groups of 16.
    public static void Q6_K(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = LegacyBlocks.Scale(block, 208);
        for (var i = 0; i < values.Length; i++)
        {
            var (half, rest) = (i / 128, i % 128);
            var low = block[(half * 64) + (rest % 64)];
            low = (byte)(rest < 64 ? low & 15 : low >> 4);
            var code = low | (TwoBits(block[128..], i) << 4);
            values[i] = scale * (sbyte)block[192 + (i / 16)] * (code - 32);
        }
    }

    // Per 128 numbers 32 bytes; byte l holds numbers l, l + 32, l + 64, l + 96.
    private static int TwoBits(ReadOnlySpan<byte> codes, int i) => (codes[(i / 128 * 32) + (i % 32)] >> (2 * (i % 128 / 32))) & 3;

    // Per 64 numbers 32 bytes; byte l holds numbers l and l + 32.
    private static int FourBits(ReadOnlySpan<byte> codes, int i) => (codes[(i / 64 * 32) + (i % 32)] >> (4 * (i % 64 / 32))) & 15;

    // The first four groups have their six bits whole; the upper bits of those bytes belong to the last four.
    private static (int Scale, int Least) SixBits(ReadOnlySpan<byte> small, int group) => group < 4
        ? (small[group] & 63, small[group + 4] & 63)
        : ((small[group + 4] & 15) | ((small[group - 4] >> 6) << 4), (small[group + 4] >> 4) | ((small[group] >> 6) << 4));
}
