using Octavo.Core;
using Octavo.Core.Tensors;
using Octavo.Engine.Kernels;

namespace Octavo.UnitTests.Engine.Kernels;

/// <summary>One stored row of any type, with the numbers that Core reads in it.</summary>
internal sealed unsafe class CoreRow : IDisposable
{
    private readonly TensorType _type;
    private readonly Guarded<byte> _data;

    private CoreRow(TensorType type, int columns)
    {
        _type = type;
        _data = new Guarded<byte>((int)type.ByteLength(columns));
        Values = new float[columns];
    }

    public float[] Values { get; }

    /// <summary>Random bits, those that mean no modest number replaced.</summary>
    public static CoreRow Random(TensorType type, int columns, ulong seed)
    {
        var row = new CoreRow(type, columns);
        var random = new SeededRandom(seed);
        var block = type.BlockLength();
        var bytes = type.BlockBytes();
        for (var b = 0; b < columns / block; b++)
        {
            var place = row._data.Span.Slice(b * bytes, bytes);
            var values = row.Values.AsSpan(b * block, block);
            do
            {
                foreach (ref var part in place)
                    part = (byte)random.NextUInt64();
                Dequantizer.ToFloat(type, place, values);
            }
            while (values.ContainsAnyExceptInRange(-1e30f, 1e30f));
        }
        return row;
    }

    public float Multiply(KernelSet set, float[] x)
    {
        using var scratch = new Guarded<float>(set.ScratchFloats(x.Length));
        float y;
        fixed (float* p = x)
            set.MatMulF32(new WeightRows(_data.Pointer, _type, 1, x.Length), p, x.Length, 1, &y, 1, scratch.Pointer);
        scratch.CheckGuards();
        return y;
    }

    public void Dispose() => _data.Dispose();
}
