using System.Runtime.Intrinsics;
using Octavo.Core.Tensors;

namespace Octavo.Engine.Kernels;

/// <summary>A packed group unpacked, for sets without kernels of their own for the packed form.</summary>
/// <param name="scratch">At least <see cref="Floats"/>(columns) floats.</param>
/// <param name="blocks">Blocks of a row.</param>
internal readonly unsafe struct PackedPanel(float* scratch, int blocks)
{
    private const int BlockBytes = PackedFormat.Rows * 32;

    /// <summary>[block][8 quads][8 rows][4] unsigned numbers.</summary>
    public readonly byte* Numbers = (byte*)scratch;

    /// <summary>[block][2 halves][8 rows]</summary>
    public readonly float* Scales = scratch + (blocks * BlockBytes / 4);

    /// <summary>[block][8 rows]</summary>
    public readonly float* Minima = scratch + (blocks * ((BlockBytes / 4) + (2 * PackedFormat.Rows)));

    /// <summary>Floats of scratch for a number of columns.</summary>
    public static int Floats(int columns) => columns / 32 * ((BlockBytes / 4) + (3 * PackedFormat.Rows));

    /// <summary>The numbers of four columns of four rows.</summary>
    public byte* Quad(int block, int quad) => Numbers + (((block * 8) + quad) * 4 * PackedFormat.Rows);

    /// <summary>Unpacks all blocks of a group.</summary>
    /// <param name="format">How it is packed.</param>
    /// <param name="group">Its first byte.</param>
    /// <param name="vectors">Whether sixteen numbers are unpacked at a time; the reference set has plain loops.</param>
    public void Unpack(PackedFormat format, byte* group, bool vectors)
    {
        for (var block = 0; block < blocks;)
        {
            var header = (ushort*)group;
            group += format.HeaderBytes;
            for (var last = block + format.SuperBlocks; block < last; block++, group += format.BlockBytes)
            {
                for (var quad = 0; quad < 8; quad++)
                {
                    if (vectors)
                        UnpackSixteens(format.Bits, group, quad, Quad(block, quad));
                    else
                        UnpackQuad(format.Bits, group, quad, Quad(block, quad));
                }
                var factors = group + format.BlockBytes - (format.SuperBlocks == 1 && format.HasMin ? 32 : 16);
                for (var r = 0; r < PackedFormat.Rows; r++)
                    UnpackFactors(format, header, factors, block, r);
            }
        }
    }

    private static void UnpackQuad(int bits, byte* block, int quad, byte* to)
    {
        for (var i = 0; i < 4 * PackedFormat.Rows; i++)
        {
            if (bits == 8)
            {
                to[i] = block[(quad * 32) + i];
                continue;
            }
            var both = block[(quad % 4 * 32) + i];
            var number = quad < 4 ? both & 15 : both >> 4;
            if (bits == 5)
                number |= ((block[128 + i] >> quad) & 1) << 4;
            if (bits == 6)
                number |= ((block[128 + (quad / 4 * 32) + i] >> (quad % 4 * 2)) & 3) << 4;
            to[i] = (byte)number;
        }
    }

    /// <summary>The same on vectors of sixteen bytes; bits that a shift brings over from the neighbour are masked.</summary>
    private static void UnpackSixteens(int bits, byte* block, int quad, byte* to)
    {
        for (var i = 0; i < 4 * PackedFormat.Rows; i += 16)
        {
            if (bits == 8)
            {
                Vector128.Load(block + (quad * 32) + i).Store(to + i);
                continue;
            }
            var both = Vector128.Load(block + (quad % 4 * 32) + i);
            var number = (quad < 4 ? both : (both.AsUInt16() >> 4).AsByte()) & Vector128.Create((byte)15);
            if (bits == 5)
                number |= Above(block + 128 + i, quad, 1);
            if (bits == 6)
                number |= Above(block + 128 + (quad / 4 * 32) + i, quad % 4 * 2, 3);
            number.Store(to + i);
        }
    }

    private static Vector128<byte> Above(byte* further, int shift, byte mask) =>
        (((Vector128.Load(further).AsUInt16() >> shift) & Vector128.Create(mask).AsUInt16()) << 4).AsByte();

    private void UnpackFactors(PackedFormat format, ushort* header, byte* factors, int block, int row)
    {
        var scales = Scales + (block * 2 * PackedFormat.Rows) + row;
        float first, second, minimum = 0;
        switch (format.Type)
        {
            case TensorType.Q6_K:
                first = (sbyte)factors[row] * Fp16.ToFloat(header[row]);
                second = (sbyte)factors[8 + row] * Fp16.ToFloat(header[row]);
                break;
            case TensorType.Q4_K or TensorType.Q5_K:
                first = second = factors[row] * Fp16.ToFloat(header[row]);
                minimum = factors[8 + row] * -Fp16.ToFloat(header[8 + row]);
                break;
            default:
                first = second = Fp16.ToFloat(((ushort*)factors)[row]);
                if (format.HasMin)
                    minimum = Fp16.ToFloat(((ushort*)factors)[8 + row]);
                break;
        }
        scales[0] = first;
        scales[PackedFormat.Rows] = second;
        Minima[(block * PackedFormat.Rows) + row] = minimum;
    }
}
