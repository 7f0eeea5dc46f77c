using Octavo.Core.Tensors;

namespace Octavo.Core.TorchPickle;

/// <summary>What a name in a pickle stands for.</summary>
internal enum GlobalKind
{
    OrderedDict,
    Size,
    RebuildTensor,
    RebuildTensorV2,
    RebuildTensorV3,
    RebuildParameter,
    TypedStorage,
    UntypedStorage,
    DataType,
}

/// <summary>
/// A name that a pickle may give. Nothing is looked up outside of this list: a global is only a mark that says which of our own functions is
/// meant.
/// </summary>
/// <param name="Name">Module and name, as in the file.</param>
/// <param name="Kind">What it stands for.</param>
/// <param name="Type">The type of a storage's or dtype's numbers; null where there is none here.</param>
internal sealed record PickleGlobal(string Name, GlobalKind Kind, TensorType? Type = null)
{
    private static readonly Dictionary<string, PickleGlobal> _allowed = List().ToDictionary(global => global.Name, StringComparer.Ordinal);

    /// <summary>What may be named, for messages.</summary>
    public const string Allowed = "collections.OrderedDict, torch.Size, the storage and dtype names of torch, and "
        + "_rebuild_tensor, _rebuild_tensor_v2, _rebuild_tensor_v3 and _rebuild_parameter of torch._utils";

    /// <summary>Finds a name of the list.</summary>
    public static bool TryFind(string module, string name, out PickleGlobal? global) => _allowed.TryGetValue($"{module}.{name}", out global)
        // "torch._utils" and "x" must not be found as "torch" and "_utils.x".
        && global.Name.LastIndexOf('.') == module.Length;

    private static IEnumerable<PickleGlobal> List()
    {
        yield return new("collections.OrderedDict", GlobalKind.OrderedDict);
        yield return new("torch.Size", GlobalKind.Size);
        yield return new("torch._utils._rebuild_tensor", GlobalKind.RebuildTensor);
        yield return new("torch._utils._rebuild_tensor_v2", GlobalKind.RebuildTensorV2);
        yield return new("torch._utils._rebuild_tensor_v3", GlobalKind.RebuildTensorV3);
        yield return new("torch._utils._rebuild_parameter", GlobalKind.RebuildParameter);
        yield return new("torch.storage.UntypedStorage", GlobalKind.UntypedStorage);
        foreach (var (name, type) in ((string, TensorType?)[])[
            ("Double", TensorType.F64), ("Float", TensorType.F32), ("Half", TensorType.F16), ("BFloat16", TensorType.BF16),
            ("Long", TensorType.I64), ("Int", TensorType.I32), ("Short", TensorType.I16), ("Char", TensorType.I8),
            ("Byte", TensorType.U8), ("Bool", TensorType.Bool), ("ComplexDouble", null), ("ComplexFloat", null),
            ("QInt8", null), ("QInt32", null), ("QUInt8", null), ("QUInt4x2", null), ("QUInt2x4", null)])
        {
            yield return new($"torch.{name}Storage", GlobalKind.TypedStorage, type);
        }
        foreach (var (name, type) in ((string, TensorType?)[])[
            ("float64", TensorType.F64), ("float32", TensorType.F32), ("float16", TensorType.F16), ("bfloat16", TensorType.BF16),
            ("float8_e4m3fn", TensorType.F8E4M3), ("float8_e5m2", TensorType.F8E5M2),
            ("int64", TensorType.I64), ("int32", TensorType.I32), ("int16", TensorType.I16), ("int8", TensorType.I8),
            ("uint64", TensorType.U64), ("uint32", TensorType.U32), ("uint16", TensorType.U16), ("uint8", TensorType.U8),
            ("bool", TensorType.Bool), ("complex128", null), ("complex64", null), ("complex32", null),
            ("float8_e4m3fnuz", null), ("float8_e5m2fnuz", null), ("float8_e8m0fnu", null), ("float4_e2m1fn_x2", null),
            ("qint8", null), ("qint32", null), ("quint8", null)])
        {
            yield return new($"torch.{name}", GlobalKind.DataType, type);
        }
    }
}
