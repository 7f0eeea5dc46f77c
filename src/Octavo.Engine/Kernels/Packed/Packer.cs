using System.Runtime.CompilerServices;
using Octavo.Core.Tensors;

namespace Octavo.Engine.Kernels;

/// <summary>Packs stored rows; see <see cref="PackedFormat"/>. Numbers and scales keep their bits.</summary>
internal static unsafe class Packer
{
    /// <summary>
    /// Packs groups of eight rows; a last group that is not whole repeats its last row. Returns false where a scale is not finite: kernels
    /// do not look for that, so such a matrix must stay as it is stored.
    /// </summary>
    /// <param name="source">The whole stored matrix.</param>
    /// <param name="target">The whole packed matrix.</param>
    /// <param name="firstGroup">The first group to pack.</param>
    /// <param name="groups">How many.</param>
    public static bool Pack(in WeightRows source, in PackedRows target, int firstGroup, int groups)
    {
        var rows = stackalloc byte*[PackedFormat.Rows];
        var numbers = stackalloc byte[PackedFormat.Rows * 256];
        var finite = true;
        for (var group = firstGroup; group < firstGroup + groups; group++)
        {
            for (var r = 0; r < PackedFormat.Rows; r++)
                rows[r] = source.Data + (Math.Min((group * PackedFormat.Rows) + r, source.Rows - 1) * source.RowBytes);
            var to = target.Data + (group * target.GroupBytes);
            for (var super = 0; super < source.Columns / target.Format.SuperColumns; super++)
            {
                var from = to;
                to = target.Format.SuperBlocks == 1 ? Block(target.Format, rows, from) : Super(target.Format, rows, numbers, from);
                finite &= AreFinite(target.Format, from);
            }
        }
        return finite;
    }

    /// <summary>
    /// Packs one block of 32 columns of eight rows and moves the rows on. Stored blocks have the halves of columns i and 16 + i in one byte
    /// too, so four bytes of a row are its part of a quad as they are.
    /// </summary>
    private static byte* Block(PackedFormat format, byte** rows, byte* to)
    {
        var scales = (ushort*)(to + format.BlockBytes - (format.HasMin ? 32 : 16));
        for (var r = 0; r < PackedFormat.Rows; r++)
        {
            var from = rows[r];
            rows[r] += format.Type.BlockBytes();
            scales[r] = *(ushort*)from;
            from += 2;
            if (format.HasMin)
            {
                scales[8 + r] = *(ushort*)from;
                from += 2;
            }
            if (format.Bits == 8)
            {
                // signed numbers become unsigned
                for (var i = 0; i < 8; i++)
                    Word(to, i, r) = ((uint*)from)[i] ^ 0x80808080;
                continue;
            }
            if (format.Bits == 5)
            {
                Word(to, 4, r) = FifthBits(*(uint*)from);
                from += 4;
            }
            for (var i = 0; i < 4; i++)
                Word(to, i, r) = ((uint*)from)[i];
        }
        return to + format.BlockBytes;
    }

    /// <summary>Bit 4i + c becomes bit i of byte c.</summary>
    private static uint FifthBits(uint bits)
    {
        var word = 0u;
        for (var i = 0; i < 8; i++)
            word |= ((((bits >> (4 * i)) & 15) * 0x00204081) & 0x01010101) << i;
        return word;
    }

    /// <summary>Packs one superblock of eight rows and moves the rows on.</summary>
    private static byte* Super(PackedFormat format, byte** rows, byte* numbers, byte* to)
    {
        var header = (ushort*)to;
        to += format.HeaderBytes;
        for (var r = 0; r < PackedFormat.Rows; r++)
        {
            var row = numbers + (r * 256);
            switch (format.Type)
            {
                case TensorType.Q4_K: Stored.Q4_K(rows[r], row, header + r, to + 128, r); break;
                case TensorType.Q5_K: Stored.Q5_K(rows[r], row, header + r, to + 160, r); break;
                case TensorType.Q6_K: Stored.Q6_K(rows[r], row, header + r, to + 192, r); break;
                default: throw new InvalidOperationException($"{format.Type} has no superblocks.");
            }
            rows[r] += format.Type.BlockBytes();
        }
        for (var block = 0; block < format.SuperBlocks; block++, to += format.BlockBytes)
            Quads(format.Bits, numbers + (block * 32), to);
        return to;
    }

    /// <summary>Whether all fp16 numbers of a superblock are finite.</summary>
    private static bool AreFinite(PackedFormat format, byte* super)
    {
        var count = format.HeaderBytes > 0 ? format.HeaderBytes / 2 : format.HasMin ? 16 : 8;
        var halves = (ushort*)(format.HeaderBytes > 0 ? super : super + format.BlockBytes - (2 * count));
        var finite = true;
        for (var i = 0; i < count; i++)
            finite &= (halves[i] & 0x7C00) != 0x7C00;
        return finite;
    }

    /// <summary>One block of unsigned numbers [8 rows, stride 256][32] as quads.</summary>
    private static void Quads(int bits, byte* numbers, byte* to)
    {
        for (var r = 0; r < PackedFormat.Rows; r++, numbers += 256)
        {
            for (var i = 0; i < 4; i++)
            {
                var low = *(uint*)(numbers + (4 * i));
                var high = *(uint*)(numbers + 16 + (4 * i));
                Word(to, i, r) = (low & 0x0F0F0F0F) | ((high & 0x0F0F0F0F) << 4);
            }
            if (bits == 5)
                Word(to, 4, r) = Gather(numbers, 0, 8, 0x01010101, 1);
            if (bits == 6)
            {
                Word(to, 4, r) = Gather(numbers, 0, 4, 0x03030303, 2);
                Word(to, 5, r) = Gather(numbers, 16, 4, 0x03030303, 2);
            }
        }
    }

    /// <summary>The bits above the lower four of several quads, side by side in each byte.</summary>
    private static uint Gather(byte* numbers, int from, int quads, uint mask, int width)
    {
        var word = 0u;
        for (var i = 0; i < quads; i++)
            word |= ((*(uint*)(numbers + from + (4 * i)) >> 4) & mask) << (i * width);
        return word;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref uint Word(byte* block, int vector, int row) => ref ((uint*)block)[(vector * PackedFormat.Rows) + row];
}
