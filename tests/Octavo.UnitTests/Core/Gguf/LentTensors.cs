using System.Runtime.InteropServices;
using Octavo.Core;
using Octavo.Core.Tensors;

namespace Octavo.UnitTests.Core.Gguf;

/// <summary>What a tensor for tests looks like; its bytes come from the seed.</summary>
public sealed record TensorSpec(string Name, TensorType Type, long[] Shape, ulong Seed);

/// <summary>Tensors of random bytes in native memory.</summary>
internal sealed unsafe class LentTensors : IDisposable
{
    private readonly List<nint> _memory = [];

    public LentTensors(IEnumerable<TensorSpec> specs)
    {
        foreach (var spec in specs)
        {
            var length = (int)spec.Type.ByteLength(spec.Shape.Aggregate(1L, (a, b) => a * b));
            var data = (byte*)NativeMemory.Alloc((nuint)Math.Max(1, length));
            _memory.Add((nint)data);
            var random = new SeededRandom(spec.Seed);
            for (var i = 0; i < length; i++)
                data[i] = (byte)random.NextUInt64();
            Tensors.Add(new StoredTensor(spec.Name, spec.Type, spec.Shape, data));
        }
    }

    public List<StoredTensor> Tensors { get; } = [];

    public void Dispose() => _memory.ForEach(m => NativeMemory.Free((void*)m));
}
