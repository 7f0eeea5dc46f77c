using Octavo.Core.Tensors;

namespace Octavo.Core.Safetensors;

/// <summary>The names that safetensors gives to stored types.</summary>
internal static class SafetensorsType
{
    public const string Supported = "F64 F32 F16 BF16 F8_E4M3 F8_E5M2 I64 I32 I16 I8 U64 U32 U16 U8 BOOL";

    /// <summary>The stored type of a name in a header.</summary>
    public static bool TryRead(string name, out TensorType type)
    {
        TensorType? found = name switch
        {
            "F64" => TensorType.F64,
            "F32" => TensorType.F32,
            "F16" => TensorType.F16,
            "BF16" => TensorType.BF16,
            "F8_E4M3" => TensorType.F8E4M3,
            "F8_E5M2" => TensorType.F8E5M2,
            "I64" => TensorType.I64,
            "I32" => TensorType.I32,
            "I16" => TensorType.I16,
            "I8" => TensorType.I8,
            "U64" => TensorType.U64,
            "U32" => TensorType.U32,
            "U16" => TensorType.U16,
            "U8" => TensorType.U8,
            "BOOL" => TensorType.Bool,
            _ => null,
        };
        type = found ?? default;
        return found is not null;
    }
}
