using System.Buffers.Binary;

namespace Octavo.Core.Tensors;

/// <summary>Blocks of 4-bit codes that are looked up: the low nibble of byte j is number j, the high one number j + 16, per 32.</summary>
internal static class TableBlocks
{
    /// <summary>What the codes of IQ4_NL and IQ4_XS stand for.</summary>
    private static ReadOnlySpan<sbyte> Uneven => [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    /// <summary>Twice what the codes of MXFP4 (E2M1) stand for.</summary>
    public static ReadOnlySpan<sbyte> Doubled => [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];

    public static void IQ4_NL(ReadOnlySpan<byte> block, Span<float> values) =>
        LookUp(Uneven, LegacyBlocks.Scale(block, 0), block[2..], values);

    // fp16 scale, 16 bits and 4 bytes that make eight 6-bit scales, 128 bytes of codes.
    public static void IQ4_XS(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = LegacyBlocks.Scale(block, 0);
        var high = BinaryPrimitives.ReadUInt16LittleEndian(block[2..]);
        for (var group = 0; group < 8; group++)
        {
            var low = (block[4 + (group / 2)] >> (4 * (group % 2))) & 15;
            var small = low | (((high >> (2 * group)) & 3) << 4);
            LookUp(Uneven, scale * (small - 32), block.Slice(8 + (16 * group), 16), values.Slice(32 * group, 32));
        }
    }

    public static void MXFP4(ReadOnlySpan<byte> block, Span<float> values) => LookUp(Doubled, HalfPower(block[0]), block[1..], values);

    /// <summary>2 to the power of <paramref name="exponent"/> − 128; the two smallest are denormal.</summary>
    public static float HalfPower(byte exponent) =>
        BitConverter.Int32BitsToSingle(exponent < 2 ? 0x200000 << exponent : (exponent - 1) << 23);

    private static void LookUp(ReadOnlySpan<sbyte> table, float scale, ReadOnlySpan<byte> codes, Span<float> values)
    {
        for (var j = 0; j < 16; j++)
        {
            values[j] = scale * table[codes[j] & 15];
            values[j + 16] = scale * table[codes[j] >> 4];
        }
    }
}
