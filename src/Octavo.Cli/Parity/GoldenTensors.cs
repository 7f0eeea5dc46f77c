using System.Runtime.InteropServices;
using Octavo.Core;
using Octavo.Core.Safetensors;
using Octavo.Core.Tensors;

namespace Octavo.Cli.Parity;

/// <summary>The numbers of a golden: <c>in.NAME</c> and <c>out.NAME</c> of io.safetensors.</summary>
internal sealed class GoldenTensors(Golden golden) : IDisposable
{
    private readonly SafetensorsSource _source = SafetensorsSource.Open(golden.PathOf("io.safetensors"));

    /// <summary>Whether the golden holds a tensor of that name.</summary>
    public bool Has(string name) => _source.TryGet(name, out _);

    public IReadOnlyList<int> Shape(string name) => [.. Find(name).Shape.Select(size => checked((int)size))];

    /// <summary>Floats; whole numbers are turned into them.</summary>
    public float[] Floats(string name) => Find(name).Type switch
    {
        TensorType.F32 => Read<float>(name),
        TensorType.I64 => [.. Longs(name).Select(number => (float)number)],
        var type => throw new UnsupportedException($"{golden.Folder}: {name} is {type}; F32 and I64 are read."),
    };

    /// <summary>Whole numbers that fit an int.</summary>
    public int[] Wholes(string name) => [.. Read<long>(name).Select(number => checked((int)number))];

    /// <summary>Whole numbers.</summary>
    public long[] Longs(string name) => Read<long>(name);

    public void Dispose() => _source.Dispose();

    private T[] Read<T>(string name) where T : unmanaged
    {
        var tensor = Find(name);
        var expected = typeof(T) == typeof(long) ? TensorType.I64 : TensorType.F32;
        if (tensor.Type != expected)
            throw new InputFileException($"{golden.Folder}: {name} is {tensor.Type}; {expected} is expected.");
        return MemoryMarshal.Cast<byte, T>(tensor.Bytes(0, checked((int)tensor.ByteLength))).ToArray();
    }

    private StoredTensor Find(string name) => _source.TryGet(name, out var tensor)
        ? tensor
        : throw new InputFileException($"{golden.Folder}: io.safetensors has no '{name}'.");
}
