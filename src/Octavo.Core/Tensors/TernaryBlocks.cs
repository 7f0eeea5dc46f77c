namespace Octavo.Core.Tensors;

/// <summary>GGUF's blocks of 256 numbers −1, 0 and 1 under one fp16 scale.</summary>
internal static class TernaryBlocks
{
    private static ReadOnlySpan<byte> PowersOf3 => [1, 3, 9, 27, 81];

    // 48 bytes of five numbers each, 4 bytes of four, fp16 scale.
    public static void TQ1_0(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = LegacyBlocks.Scale(block, 52);
        var at = 0;
        foreach (var (begin, bytes, digits) in (ReadOnlySpan<(int, int, int)>)[(0, 32, 5), (32, 16, 5), (48, 4, 4)])
        {
            for (var digit = 0; digit < digits; digit++)
            {
                for (var j = 0; j < bytes; j++)
                {
                    // The byte is a fraction of 256; a digit is the whole part after it is moved up and tripled.
                    var moved = (byte)(block[begin + j] * PowersOf3[digit]);
                    values[at++] = (((moved * 3) >> 8) - 1) * scale;
                }
            }
        }
    }

    // 64 bytes of four numbers each, per 32 bytes in steps of 32; fp16 scale.
    public static void TQ2_0(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = LegacyBlocks.Scale(block, 64);
        for (var i = 0; i < values.Length; i++)
            values[i] = (((block[(i / 128 * 32) + (i % 32)] >> (2 * (i % 128 / 32))) & 3) - 1) * scale;
    }
}
