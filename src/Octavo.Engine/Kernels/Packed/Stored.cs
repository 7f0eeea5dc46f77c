namespace Octavo.Engine.Kernels;

/// <summary>Reads stored superblocks: unsigned numbers in the order of the columns, and the bits of their scales.</summary>
internal static unsafe class Stored
{
    private const uint Low = 0x0F0F0F0F;

    /// <summary>256 numbers of 4 bits with eight scales and minima of 6 bits.</summary>
    /// <param name="block">d, dmin (fp16), 12 bytes of scales, 128 bytes: 32 low halves, then the 32 high halves of the same bytes.</param>
    /// <param name="numbers">256 numbers.</param>
    /// <param name="header">Where d goes; dmin goes eight further.</param>
    /// <param name="scales">The scales of the first packed block: 8 rows' scales, 8 rows' minima.</param>
    /// <param name="row">Which of the eight rows this is.</param>
    public static void Q4_K(byte* block, byte* numbers, ushort* header, byte* scales, int row)
    {
        Factors(block, header, scales, row, 144);
        Halves(block + 16, numbers);
    }

    /// <summary>The same with a fifth bit: 32 bytes before the halves, bit j for block j.</summary>
    public static void Q5_K(byte* block, byte* numbers, ushort* header, byte* scales, int row)
    {
        Factors(block, header, scales, row, 176);
        Halves(block + 48, numbers);
        for (var j = 0; j < 8; j++)
        {
            for (var i = 0; i < 32; i += 4)
                *(uint*)(numbers + (j * 32) + i) |= ((*(uint*)(block + 16 + i) >> j) & 0x01010101) << 4;
        }
    }

    /// <summary>256 numbers of 6 bits with sixteen signed scales: 128 bytes of low bits, 64 of high ones, 16 scales, d.</summary>
    public static void Q6_K(byte* block, byte* numbers, ushort* header, byte* scales, int row)
    {
        *header = *(ushort*)(block + 208);
        for (var b = 0; b < 8; b++)
        {
            scales[(b * 208) + row] = block[192 + (2 * b)];
            scales[(b * 208) + 8 + row] = block[192 + (2 * b) + 1];
        }
        for (var half = 0; half < 2; half++, numbers += 128)
        {
            var low = block + (half * 64);
            var high = block + 128 + (half * 32);
            for (var i = 0; i < 32; i += 4)
            {
                var (a, b, h) = (*(uint*)(low + i), *(uint*)(low + 32 + i), *(uint*)(high + i));
                *(uint*)(numbers + i) = (a & Low) | ((h & 0x03030303) << 4);
                *(uint*)(numbers + 32 + i) = (b & Low) | (((h >> 2) & 0x03030303) << 4);
                *(uint*)(numbers + 64 + i) = ((a >> 4) & Low) | (((h >> 4) & 0x03030303) << 4);
                *(uint*)(numbers + 96 + i) = ((b >> 4) & Low) | (((h >> 6) & 0x03030303) << 4);
            }
        }
    }

    /// <summary>Eight scales and minima of 6 bits in twelve bytes; the last four borrow their upper two bits from the first eight bytes.</summary>
    private static void Factors(byte* block, ushort* header, byte* scales, int row, int blockBytes)
    {
        header[0] = *(ushort*)block;
        header[8] = *(ushort*)(block + 2);
        var s = block + 4;
        for (var j = 0; j < 8; j++, scales += blockBytes)
        {
            scales[row] = (byte)(j < 4 ? s[j] & 63 : (s[j + 4] & 15) | ((s[j - 4] >> 6) << 4));
            scales[8 + row] = (byte)(j < 4 ? s[j + 4] & 63 : (s[j + 4] >> 4) | ((s[j] >> 6) << 4));
        }
    }

    private static void Halves(byte* halves, byte* numbers)
    {
        for (var pair = 0; pair < 4; pair++, halves += 32, numbers += 64)
        {
            for (var i = 0; i < 32; i += 4)
            {
                var both = *(uint*)(halves + i);
                *(uint*)(numbers + i) = both & Low;
                *(uint*)(numbers + 32 + i) = (both >> 4) & Low;
            }
        }
    }
}
