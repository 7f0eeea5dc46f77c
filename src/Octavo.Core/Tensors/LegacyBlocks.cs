using System.Buffers.Binary;

namespace Octavo.Core.Tensors;

/// <summary>GGUF's blocks of 32 with one scale: the low nibble of byte j is number j, the high one number j + 16.</summary>
internal static class LegacyBlocks
{
    private const int Half = 16;

    /// <summary>The fp16 number at a place.</summary>
    public static float Scale(ReadOnlySpan<byte> block, int at) => (float)BinaryPrimitives.ReadHalfLittleEndian(block[at..]);

    public static void Q4_0(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = Scale(block, 0);
        var codes = block[2..];
        for (var j = 0; j < Half; j++)
        {
            values[j] = ((codes[j] & 15) - 8) * scale;
            values[j + Half] = ((codes[j] >> 4) - 8) * scale;
        }
    }

    public static void Q4_1(ReadOnlySpan<byte> block, Span<float> values)
    {
        var (scale, least) = (Scale(block, 0), Scale(block, 2));
        var codes = block[4..];
        for (var j = 0; j < Half; j++)
        {
            values[j] = ((codes[j] & 15) * scale) + least;
            values[j + Half] = ((codes[j] >> 4) * scale) + least;
        }
    }

    public static void Q5_0(ReadOnlySpan<byte> block, Span<float> values)
    {
        var (scale, fifth) = (Scale(block, 0), BinaryPrimitives.ReadUInt32LittleEndian(block[2..]));
        var codes = block[6..];
        for (var j = 0; j < Half; j++)
        {
            values[j] = (((codes[j] & 15) | Fifth(fifth, j)) - 16) * scale;
            values[j + Half] = (((codes[j] >> 4) | Fifth(fifth, j + Half)) - 16) * scale;
        }
    }

    public static void Q5_1(ReadOnlySpan<byte> block, Span<float> values)
    {
        var (scale, least) = (Scale(block, 0), Scale(block, 2));
        var fifth = BinaryPrimitives.ReadUInt32LittleEndian(block[4..]);
        var codes = block[8..];
        for (var j = 0; j < Half; j++)
        {
            values[j] = (((codes[j] & 15) | Fifth(fifth, j)) * scale) + least;
            values[j + Half] = (((codes[j] >> 4) | Fifth(fifth, j + Half)) * scale) + least;
        }
    }

    public static void Q8_0(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = Scale(block, 0);
        for (var j = 0; j < values.Length; j++)
            values[j] = (sbyte)block[2 + j] * scale;
    }

    private static int Fifth(uint bits, int j) => (int)((bits >> j) & 1) << 4;
}
