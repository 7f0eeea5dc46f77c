namespace Octavo.Core.Tensors;

/// <summary>Sizes of the stored tensor types.</summary>
public static class TensorTypes
{
    /// <summary>How many types there are; their values run from 0.</summary>
    public static int Count { get; } = (int)TensorType.MXFP4 + 1;

    /// <summary>How many numbers one block of <paramref name="type"/> holds; 1 where the type has no blocks.</summary>
    public static int BlockLength(this TensorType type) => type switch
    {
        TensorType.Q4_0 or TensorType.Q4_1 or TensorType.Q5_0 or TensorType.Q5_1 or TensorType.Q8_0 or TensorType.Q8_1
            or TensorType.IQ4_NL or TensorType.MXFP4 => 32,
        TensorType.Q2_K or TensorType.Q3_K or TensorType.Q4_K or TensorType.Q5_K or TensorType.Q6_K or TensorType.Q8_K
            or TensorType.IQ4_XS or TensorType.TQ1_0 or TensorType.TQ2_0 => 256,
        _ => 1,
    };

    /// <summary>How many bytes one block of <paramref name="type"/> takes.</summary>
    public static int BlockBytes(this TensorType type) => type switch
    {
        TensorType.F64 or TensorType.I64 or TensorType.U64 => 8,
        TensorType.F32 or TensorType.I32 or TensorType.U32 => 4,
        TensorType.F16 or TensorType.BF16 or TensorType.I16 or TensorType.U16 => 2,
        TensorType.F8E4M3 or TensorType.F8E5M2 or TensorType.I8 or TensorType.U8 or TensorType.Bool => 1,
        TensorType.Q4_0 or TensorType.IQ4_NL => 18,
        TensorType.Q4_1 => 20,
        TensorType.Q5_0 => 22,
        TensorType.Q5_1 => 24,
        TensorType.Q8_0 => 34,
        TensorType.Q8_1 => 36,
        TensorType.MXFP4 => 17,
        TensorType.Q2_K => 84,
        TensorType.Q3_K => 110,
        TensorType.Q4_K => 144,
        TensorType.Q5_K => 176,
        TensorType.Q6_K => 210,
        TensorType.Q8_K => 292,
        TensorType.IQ4_XS => 136,
        TensorType.TQ1_0 => 54,
        TensorType.TQ2_0 => 66,
        _ => throw new UnsupportedException($"Tensor type {type} has no known size."),
    };

    /// <summary>The bytes that <paramref name="elements"/> numbers take; they must fill whole blocks.</summary>
    /// <param name="type">The stored type.</param>
    /// <param name="elements">How many numbers.</param>
    /// <exception cref="ShapeException">The numbers do not fill whole blocks.</exception>
    public static long ByteLength(this TensorType type, long elements)
    {
        var block = type.BlockLength();
        if (elements % block != 0)
            throw new ShapeException($"{elements} numbers do not fill whole blocks of {type} ({block} each).");
        return checked(elements / block * type.BlockBytes());
    }
}
