using Octavo.Core.Tensors;

namespace Octavo.Core.Gguf;

/// <summary>The numbers that GGUF gives to tensor types.</summary>
internal static class GgmlTypes
{
    /// <summary>The stored type of a number in a file.</summary>
    public static bool TryRead(uint number, out TensorType type)
    {
        type = number switch
        {
            0 => TensorType.F32,
            1 => TensorType.F16,
            2 => TensorType.Q4_0,
            3 => TensorType.Q4_1,
            6 => TensorType.Q5_0,
            7 => TensorType.Q5_1,
            8 => TensorType.Q8_0,
            9 => TensorType.Q8_1,
            10 => TensorType.Q2_K,
            11 => TensorType.Q3_K,
            12 => TensorType.Q4_K,
            13 => TensorType.Q5_K,
            14 => TensorType.Q6_K,
            15 => TensorType.Q8_K,
            20 => TensorType.IQ4_NL,
            23 => TensorType.IQ4_XS,
            24 => TensorType.I8,
            25 => TensorType.I16,
            26 => TensorType.I32,
            27 => TensorType.I64,
            28 => TensorType.F64,
            30 => TensorType.BF16,
            34 => TensorType.TQ1_0,
            35 => TensorType.TQ2_0,
            39 => TensorType.MXFP4,
            _ => TensorType.Bool,
        };
        return type != TensorType.Bool;
    }

    /// <summary>The number that a type is written with.</summary>
    public static bool TryWrite(TensorType type, out uint number)
    {
        for (number = 0; number < 64; number++)
        {
            if (TryRead(number, out var found) && found == type)
                return true;
        }
        return false;
    }

    /// <summary>The name of a number that is known but not supported, or that was taken out of the format.</summary>
    public static string NameOf(uint number) => number switch
    {
        4 => "Q4_2 (removed)",
        5 => "Q4_3 (removed)",
        16 => "IQ2_XXS",
        17 => "IQ2_XS",
        18 => "IQ3_XXS",
        19 => "IQ1_S",
        21 => "IQ3_S",
        22 => "IQ2_S",
        29 => "IQ1_M",
        31 => "Q4_0_4_4 (removed)",
        32 => "Q4_0_4_8 (removed)",
        33 => "Q4_0_8_8 (removed)",
        36 => "IQ4_NL_4_4 (removed)",
        37 => "IQ4_NL_4_8 (removed)",
        38 => "IQ4_NL_8_8 (removed)",
        40 => "NVFP4",
        _ => "unknown",
    };
}
