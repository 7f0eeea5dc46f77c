using Octavo.Core.Tensors;

namespace Octavo.Core.Safetensors;

/// <summary>The names that safetensors gives to stored types.</summary>
internal static class SafetensorsType
{
    public const string Supported = "F64 F32 F16 BF16 F8_E4M3 F8_E5M2 I64 I32 I16 I8 U64 U32 U16 U8 BOOL";

    // In the reference library's order of alignment, which is the order of its files from behind.
    private static readonly (string Name, TensorType Type)[] _types =
    [
        ("BOOL", TensorType.Bool), ("U8", TensorType.U8), ("I8", TensorType.I8), ("F8_E5M2", TensorType.F8E5M2), ("F8_E4M3", TensorType.F8E4M3),
        ("I16", TensorType.I16), ("U16", TensorType.U16), ("F16", TensorType.F16), ("BF16", TensorType.BF16),
        ("I32", TensorType.I32), ("U32", TensorType.U32), ("F32", TensorType.F32),
        ("F64", TensorType.F64), ("I64", TensorType.I64), ("U64", TensorType.U64),
    ];

    /// <summary>The stored type of a name in a header.</summary>
    public static bool TryRead(string name, out TensorType type)
    {
        var found = Array.FindIndex(_types, known => known.Name == name);
        type = found < 0 ? default : _types[found].Type;
        return found >= 0;
    }

    /// <summary>The name of a type; the caller knows that it has one.</summary>
    public static string NameOf(TensorType type) => Array.Find(_types, known => known.Type == type).Name;

    /// <summary>Where a tensor's type stands among the types; those further behind come first in a file.</summary>
    /// <exception cref="UnsupportedException">Safetensors has no such type.</exception>
    public static int RankOf(string path, OutgoingTensor tensor)
    {
        var rank = Array.FindIndex(_types, known => known.Type == tensor.Type);
        return rank >= 0 ? rank : throw new UnsupportedException($"{path}: safetensors has no type for {tensor.Type} of '{tensor.Name}'; "
            + $"it has {Supported}. Dequantize the tensor, or write GGUF.");
    }
}
