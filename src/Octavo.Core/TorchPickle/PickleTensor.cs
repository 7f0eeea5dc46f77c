using Octavo.Core.Safetensors;
using Octavo.Core.Tensors;

namespace Octavo.Core.TorchPickle;

/// <summary>A tensor as a pickle describes it; every number that it reaches lies in its storage.</summary>
/// <param name="Storage">The bytes.</param>
/// <param name="Type">How its numbers are stored.</param>
/// <param name="First">Its first number, counted from the storage's beginning.</param>
/// <param name="Shape">Slowest dimension first.</param>
/// <param name="Strides">How many numbers apart neighbours of each dimension are.</param>
/// <param name="Elements">The product of the shape.</param>
internal sealed record PickleTensor(StorageBytes Storage, TensorType Type, long First, long[] Shape, long[] Strides, long Elements)
{
    public const int MaxDimensions = SafetensorsHeaderReader.MaxDimensions;

    /// <summary>Whether its numbers lie in the file in their order and without gaps.</summary>
    public bool IsContiguous
    {
        get
        {
            long expected = 1;
            for (var i = Shape.Length - 1; i >= 0 && Elements > 0; i--)
            {
                if (Shape[i] != 1 && Strides[i] != expected)
                    return false;
                expected *= Shape[i];
            }
            return true;
        }
    }

    /// <summary>Makes the description after checking it.</summary>
    public static PickleTensor Make(
        PickleStorage storage, TensorType type, long offset, long[] shape, long[] strides, PickleReader reader)
    {
        if (shape.Length != strides.Length)
            throw reader.Bad($"a tensor has {shape.Length} dimensions and {strides.Length} strides");
        var count = storage.Type is null ? storage.Count / type.BlockBytes() : storage.Count;
        var isEmpty = shape.Contains(0);
        // The number after the last one that is reached. No sum overflows: it is below 2^63 before each product, and that below 2^126.
        UInt128 end = (ulong)offset + (isEmpty ? 0UL : 1);
        UInt128 elements = 1;
        for (var i = 0; i < shape.Length; i++)
        {
            elements *= (ulong)shape[i];
            if (elements > long.MaxValue)
                throw reader.Bad($"the shape [{string.Join(", ", shape)}] overflows 63 bits");
            if (!isEmpty && end <= long.MaxValue)
                end += (UInt128)(ulong)(shape[i] - 1) * (ulong)strides[i];
        }
        if (end > (ulong)count)
        {
            throw reader.Bad($"a tensor of shape [{string.Join(", ", shape)}], strides [{string.Join(", ", strides)}] and offset {offset} "
                + $"reaches beyond its storage '{storage.Bytes.Key}', which holds {count} numbers of {type}");
        }
        var tensor = new PickleTensor(storage.Bytes, type, storage.First + offset, shape, strides, (long)elements);
        // What is not contiguous is copied, and a copy must not be larger than what it is copied from.
        if (!tensor.IsContiguous && tensor.Elements > count)
        {
            throw reader.Bad($"a tensor of shape [{string.Join(", ", shape)}] and strides [{string.Join(", ", strides)}] repeats numbers of its "
                + $"storage '{storage.Bytes.Key}'; an expanded tensor must be made contiguous before it is saved");
        }
        return tensor;
    }
}
