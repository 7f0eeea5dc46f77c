using System.Runtime.InteropServices;

namespace Octavo.Core.Tensors;

/// <summary>Turns fp32 into stored numbers, as the reference implementation of GGUF does: byte for byte but for Q4_K and Q6_K, whose scales are searched.</summary>
public static class Quantizer
{
    private const string Names = "F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K, Q6_K, MXFP4, TQ1_0 and TQ2_0";

    /// <summary>Whether fp32 can be turned into the type.</summary>
    /// <param name="type">A stored type.</param>
    public static bool Supports(TensorType type) => type is TensorType.F32 or TensorType.F16 or TensorType.BF16
        or TensorType.Q4_0 or TensorType.Q4_1 or TensorType.Q5_0 or TensorType.Q5_1 or TensorType.Q8_0
        or TensorType.Q4_K or TensorType.Q6_K or TensorType.MXFP4 or TensorType.TQ1_0 or TensorType.TQ2_0;

    /// <summary>Turns fp32 into stored numbers.</summary>
    /// <param name="type">How to store them.</param>
    /// <param name="source">Numbers that fill whole blocks.</param>
    /// <param name="destination">As many bytes as the blocks take.</param>
    /// <exception cref="UnsupportedException">The type cannot be written from fp32.</exception>
    /// <exception cref="ShapeException">The numbers do not fill whole blocks, or the destination has another length.</exception>
    /// <exception cref="InputFileException">A number or a scale does not fit: not finite, or too large for the type.</exception>
    public static void FromFloat(TensorType type, ReadOnlySpan<float> source, Span<byte> destination)
    {
        if (!Supports(type))
            throw new UnsupportedException($"fp32 cannot be turned into {type}; {Names} can be written.");
        var needed = type.ByteLength(source.Length);
        if (destination.Length != needed)
            throw new ShapeException($"{source.Length} numbers of {type} take {needed} bytes; the destination has {destination.Length}.");
        switch (type)
        {
            case TensorType.F32:
                MemoryMarshal.AsBytes(source).CopyTo(destination);
                break;
            case TensorType.F16:
                ToHalf(source, MemoryMarshal.Cast<byte, Half>(destination));
                break;
            case TensorType.BF16:
                ToBFloat(source, MemoryMarshal.Cast<byte, ushort>(destination));
                break;
            default:
                ToBlocks(type, source, destination);
                break;
        }
    }

    /// <summary>Writes a scale as fp16.</summary>
    /// <exception cref="InputFileException">It is beyond fp16's range.</exception>
    internal static void WriteScale(float scale, Span<byte> destination)
    {
        var half = (Half)scale;
        if (!Half.IsFinite(half))
            throw new InputFileException($"A block needs the scale {scale}; fp16 ends at {Half.MaxValue}. Keep the tensor in F32 or BF16.");
        MemoryMarshal.Write(destination, half);
    }

    private static void ToHalf(ReadOnlySpan<float> source, Span<Half> destination)
    {
        for (var i = 0; i < source.Length; i++)
        {
            destination[i] = (Half)source[i];
            if (Half.IsInfinity(destination[i]) && float.IsFinite(source[i]))
                throw TooLarge(source[i], i, TensorType.F16);
        }
    }

    // Rounded to even; a NaN stays one.
    private static void ToBFloat(ReadOnlySpan<float> source, Span<ushort> destination)
    {
        for (var i = 0; i < source.Length; i++)
        {
            var bits = BitConverter.SingleToUInt32Bits(source[i]);
            if (float.IsNaN(source[i]))
            {
                destination[i] = (ushort)((bits >> 16) | 64);
                continue;
            }
            destination[i] = (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
            if ((destination[i] & 0x7FFF) == 0x7F80 && float.IsFinite(source[i]))
                throw TooLarge(source[i], i, TensorType.BF16);
        }
    }

    private static InputFileException TooLarge(float number, int index, TensorType type) =>
        new($"Number {index} is {number}, too large for {type}. Keep the tensor in F32.");

    private static void ToBlocks(TensorType type, ReadOnlySpan<float> source, Span<byte> destination)
    {
        for (var i = 0; i < source.Length; i++)
        {
            if (!float.IsFinite(source[i]))
                throw new InputFileException($"Number {i} is {source[i]}; {type} holds finite numbers only.");
        }
        var (length, bytes) = (type.BlockLength(), type.BlockBytes());
        for (; source.Length > 0; source = source[length..], destination = destination[bytes..])
        {
            var values = source[..length];
            var block = destination[..bytes];
            switch (type)
            {
                case TensorType.Q4_0: BlockQuantizers.Q4_0(values, block); break;
                case TensorType.Q4_1: BlockQuantizers.Q4_1(values, block); break;
                case TensorType.Q5_0: BlockQuantizers.Q5_0(values, block); break;
                case TensorType.Q5_1: BlockQuantizers.Q5_1(values, block); break;
                case TensorType.Q8_0: BlockQuantizers.Q8_0(values, block); break;
                case TensorType.Q4_K: SuperBlockQuantizers.Q4_K(values, block); break;
                case TensorType.Q6_K: SuperBlockQuantizers.Q6_K(values, block); break;
                case TensorType.MXFP4: BlockQuantizers.MXFP4(values, block); break;
                case TensorType.TQ1_0: BlockQuantizers.TQ1_0(values, block); break;
                default: BlockQuantizers.TQ2_0(values, block); break;
            }
        }
    }
}
