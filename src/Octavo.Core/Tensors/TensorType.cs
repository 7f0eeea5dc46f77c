namespace Octavo.Core.Tensors;

/// <summary>How the numbers of a stored tensor are laid out. Quantized types carry GGUF's names and block layouts.</summary>
public enum TensorType
{
    /// <summary>32-bit IEEE float.</summary>
    F32,
    /// <summary>16-bit IEEE float.</summary>
    F16,
    /// <summary>The upper 16 bits of a 32-bit float.</summary>
    BF16,
    /// <summary>64-bit IEEE float.</summary>
    F64,
    /// <summary>8-bit float, 4 exponent bits.</summary>
    F8E4M3,
    /// <summary>8-bit float, 5 exponent bits.</summary>
    F8E5M2,
    /// <summary>Signed 8-bit integer.</summary>
    I8,
    /// <summary>Signed 16-bit integer.</summary>
    I16,
    /// <summary>Signed 32-bit integer.</summary>
    I32,
    /// <summary>Signed 64-bit integer.</summary>
    I64,
    /// <summary>Unsigned 8-bit integer.</summary>
    U8,
    /// <summary>Unsigned 16-bit integer.</summary>
    U16,
    /// <summary>Unsigned 32-bit integer.</summary>
    U32,
    /// <summary>Unsigned 64-bit integer.</summary>
    U64,
    /// <summary>One byte, 0 or 1.</summary>
    Bool,
    /// <summary>32 numbers of 4 bits, one scale.</summary>
    Q4_0,
    /// <summary>32 numbers of 4 bits, scale and minimum.</summary>
    Q4_1,
    /// <summary>32 numbers of 5 bits, one scale.</summary>
    Q5_0,
    /// <summary>32 numbers of 5 bits, scale and minimum.</summary>
    Q5_1,
    /// <summary>32 numbers of 8 bits, one scale.</summary>
    Q8_0,
    /// <summary>32 numbers of 8 bits, scale and sum (activations only).</summary>
    Q8_1,
    /// <summary>256 numbers of 2 bits in a superblock.</summary>
    Q2_K,
    /// <summary>256 numbers of 3 bits in a superblock.</summary>
    Q3_K,
    /// <summary>256 numbers of 4 bits in a superblock.</summary>
    Q4_K,
    /// <summary>256 numbers of 5 bits in a superblock.</summary>
    Q5_K,
    /// <summary>256 numbers of 6 bits in a superblock.</summary>
    Q6_K,
    /// <summary>256 numbers of 8 bits in a superblock (activations only).</summary>
    Q8_K,
    /// <summary>32 numbers of 4 bits through a fixed table, one scale.</summary>
    IQ4_NL,
    /// <summary>256 numbers of 4 bits through a fixed table, scales per 32.</summary>
    IQ4_XS,
    /// <summary>256 ternary numbers, five to a byte.</summary>
    TQ1_0,
    /// <summary>256 ternary numbers of 2 bits.</summary>
    TQ2_0,
    /// <summary>32 numbers of the 4-bit float E2M1, one shared exponent.</summary>
    MXFP4,
}
