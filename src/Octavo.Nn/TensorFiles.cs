using Octavo.Core;
using Octavo.Core.Safetensors;
using Octavo.Core.Tensors;
using Octavo.Nn.Kernels;
using static TorchSharp.torch;

namespace Octavo.Nn;

/// <summary>Tensors to safetensors and back, without a copy of more than a part of one.</summary>
public static class TensorFiles
{
    private const int PartNumbers = 1 << 22;

    /// <summary>A tensor as a file takes it: its numbers are read while they are written.</summary>
    /// <param name="name">Its name there.</param>
    /// <param name="value">fp32 or bf16, contiguous; has to stay until it was written.</param>
    /// <exception cref="UnsupportedException">It is of another type.</exception>
    public static OutgoingTensor Outgoing(string name, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new OutgoingTensor(name, TypeOf(name, value), value.shape, stream => Parts(value, part => stream.Write(part.bytes)));
    }

    /// <summary>What the file will have, about.</summary>
    /// <param name="tensors">The tensors.</param>
    public static long BytesOf(IEnumerable<(string Name, Tensor Value)> tensors) =>
        tensors.Sum(tensor => (tensor.Value.numel() * tensor.Value.element_size()) + 128);

    /// <summary>Writes tensors to a stream.</summary>
    /// <param name="stream">Where to write.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="tensors">The tensors.</param>
    public static void Write(Stream stream, string name, IEnumerable<(string Name, Tensor Value)> tensors) =>
        SafetensorsWriter.WriteTo(stream, name, [.. tensors.Select(tensor => Outgoing(tensor.Name, tensor.Value))], new Dictionary<string, string> { ["format"] = "pt" });

    /// <summary>Reads a file's numbers into tensors that are there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">All of its tensors, with the type and shape that they have there.</param>
    /// <exception cref="CheckpointException">A tensor is missing, left over, or of another type or shape.</exception>
    public static void ReadInto(string path, IEnumerable<(string Name, Tensor Value)> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        using var source = SafetensorsSource.Open(path);
        var left = source.Tensors.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, value) in tensors)
        {
            if (!source.TryGet(name, out var stored))
                throw new CheckpointException($"{path}: there is no tensor {name}; the file is of another model or other settings.");
            if (stored.Type != TypeOf(name, value) || !stored.Shape.SequenceEqual(value.shape))
                throw new CheckpointException($"{path}: {name} is {stored.Type} [{string.Join(", ", stored.Shape)}]; {TypeOf(name, value)} [{string.Join(", ", value.shape)}] is expected.");
            var at = 0L;
            Parts(value, part =>
            {
                var bytes = part.bytes;
                stored.Bytes(at, bytes.Length).CopyTo(bytes);
                at += bytes.Length;
            });
            left.Remove(name);
        }
        if (left.Count > 0)
            throw new CheckpointException($"{path}: {left.Count} tensors are not of this model, such as {left.First()}.");
    }

    private static TensorType TypeOf(string name, Tensor value) => value.dtype switch
    {
        ScalarType.Float32 => TensorType.F32,
        ScalarType.BFloat16 => TensorType.BF16,
        var other => throw new UnsupportedException($"{name} is {other}; fp32 and bf16 tensors are stored."),
    };

    // spans hold no more than 2 GB
    private static void Parts(Tensor value, Action<Tensor> each)
    {
        for (var at = 0L; at < value.numel(); at += PartNumbers)
        {
            using var part = TensorMemory.Part(value, at, Math.Min(PartNumbers, value.numel() - at));
            each(part);
        }
    }
}
