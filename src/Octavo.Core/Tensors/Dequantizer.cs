using System.Runtime.InteropServices;

namespace Octavo.Core.Tensors;

/// <summary>The scalar reference of every stored type: exact up to one rounded sum per number.</summary>
public static class Dequantizer
{
    /// <summary>Whether the type can be turned into fp32.</summary>
    /// <param name="type">A stored type.</param>
    public static bool Supports(TensorType type) => type is TensorType.F32 or TensorType.F16 or TensorType.BF16 or TensorType.F64
        or TensorType.F8E4M3 or TensorType.F8E5M2
        or TensorType.Q4_0 or TensorType.Q4_1 or TensorType.Q5_0 or TensorType.Q5_1 or TensorType.Q8_0
        or TensorType.Q2_K or TensorType.Q3_K or TensorType.Q4_K or TensorType.Q5_K or TensorType.Q6_K
        or TensorType.IQ4_NL or TensorType.IQ4_XS or TensorType.MXFP4 or TensorType.TQ1_0 or TensorType.TQ2_0;

    /// <summary>Turns stored numbers into fp32.</summary>
    /// <param name="type">How they are stored.</param>
    /// <param name="source">Whole blocks.</param>
    /// <param name="destination">As many floats as the blocks hold.</param>
    /// <exception cref="UnsupportedException">The type is for whole numbers or activations.</exception>
    /// <exception cref="ShapeException">The source is not whole blocks, or the destination has another length.</exception>
    public static void ToFloat(TensorType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        if (!Supports(type))
            throw new UnsupportedException($"{type} holds no weights that can be turned into fp32. "
                + "Floats and GGUF's quantized weights can.");
        var needed = type.ByteLength(destination.Length);
        if (source.Length != needed)
            throw new ShapeException($"{destination.Length} numbers of {type} take {needed} bytes; the source has {source.Length}.");
        if (type.BlockLength() == 1)
            PlainToFloat(type, source, destination);
        else
            BlocksToFloat(type, source, destination);
    }

    private static void PlainToFloat(TensorType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        switch (type)
        {
            case TensorType.F32:
                source.CopyTo(MemoryMarshal.AsBytes(destination));
                break;
            case TensorType.F64:
                var doubles = MemoryMarshal.Cast<byte, double>(source);
                for (var i = 0; i < destination.Length; i++)
                    destination[i] = (float)doubles[i];
                break;
            case TensorType.F16:
                var halves = MemoryMarshal.Cast<byte, Half>(source);
                for (var i = 0; i < destination.Length; i++)
                    destination[i] = (float)halves[i];
                break;
            case TensorType.BF16:
                var words = MemoryMarshal.Cast<byte, ushort>(source);
                for (var i = 0; i < destination.Length; i++)
                    destination[i] = BitConverter.UInt32BitsToSingle((uint)words[i] << 16);
                break;
            case TensorType.F8E4M3:
                for (var i = 0; i < destination.Length; i++)
                    destination[i] = FromE4M3(source[i]);
                break;
            default:
                // E5M2 is the upper byte of an IEEE half.
                for (var i = 0; i < destination.Length; i++)
                    destination[i] = (float)BitConverter.UInt16BitsToHalf((ushort)(source[i] << 8));
                break;
        }
    }

    private static void BlocksToFloat(TensorType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        var (length, bytes) = (type.BlockLength(), type.BlockBytes());
        for (; source.Length > 0; source = source[bytes..], destination = destination[length..])
        {
            var block = source[..bytes];
            var values = destination[..length];
            switch (type)
            {
                case TensorType.Q4_0: LegacyBlocks.Q4_0(block, values); break;
                case TensorType.Q4_1: LegacyBlocks.Q4_1(block, values); break;
                case TensorType.Q5_0: LegacyBlocks.Q5_0(block, values); break;
                case TensorType.Q5_1: LegacyBlocks.Q5_1(block, values); break;
                case TensorType.Q8_0: LegacyBlocks.Q8_0(block, values); break;
                case TensorType.Q2_K: SuperBlocks.Q2_K(block, values); break;
                case TensorType.Q3_K: SuperBlocks.Q3_K(block, values); break;
                case TensorType.Q4_K: SuperBlocks.Q4_K(block, values); break;
                case TensorType.Q5_K: SuperBlocks.Q5_K(block, values); break;
                case TensorType.Q6_K: SuperBlocks.Q6_K(block, values); break;
                case TensorType.IQ4_NL: TableBlocks.IQ4_NL(block, values); break;
                case TensorType.IQ4_XS: TableBlocks.IQ4_XS(block, values); break;
                case TensorType.MXFP4: TableBlocks.MXFP4(block, values); break;
                case TensorType.TQ1_0: TernaryBlocks.TQ1_0(block, values); break;
                default: TernaryBlocks.TQ2_0(block, values); break;
            }
        }
    }

    // The variant without infinities: all ones below the sign is NaN, the bias is 7.
    private static float FromE4M3(byte bits)
    {
        var (exponent, mantissa) = ((bits >> 3) & 15, bits & 7);
        var size = (bits & 0x7F) == 0x7F ? float.NaN
            : exponent == 0 ? mantissa * (1f / 512)
            : BitConverter.Int32BitsToSingle(((exponent + 120) << 23) | (mantissa << 20));
        return bits > 0x7F ? -size : size;
    }
}
