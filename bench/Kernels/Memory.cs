using System.Runtime.InteropServices;
using Octavo.Core;
using Octavo.Core.Tensors;
using Octavo.Engine.Kernels;

namespace Octavo.Bench.Kernels;

/// <summary>Native memory filled with harmless numbers; it lives until the program ends.</summary>
internal static unsafe class Memory
{
    public static T* Take<T>(long count) where T : unmanaged
    {
        var bytes = (nuint)(count * sizeof(T));
        var memory = NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(memory, bytes);
        return (T*)memory;
    }

    public static float* Gaussians(long count)
    {
        var random = new SeededRandom(1);
        var numbers = Take<float>(count);
        for (long i = 0; i < count; i++)
            numbers[i] = (float)random.NextGaussian();
        return numbers;
    }

    /// <summary>Room for quantized rows.</summary>
    public static QuantizedRows Quantized(long rows, int columns, int bits)
    {
        var count = QuantizedRows.Whole(rows) * columns;
        return new QuantizedRows(
            Take<sbyte>(2 * count), Take<float>(count / 32), Take<float>(count / 32), Take<int>(count / 8), columns, bits);
    }

    /// <summary>Stored rows with random bits and modest scales.</summary>
    public static byte* Weights(TensorType type, long elements)
    {
        var random = new SeededRandom(2);
        var bytes = type.ByteLength(elements);
        var data = Take<byte>(bytes);
        if (type.BlockLength() == 1)
        {
            for (long i = 0; i < bytes; i++)
                data[i] = (byte)(i % type.BlockBytes() == type.BlockBytes() - 1 ? 0x3C : random.NextUInt64());
            return data;
        }
        for (long i = 0; i < bytes; i++)
            data[i] = (byte)random.NextUInt64();
        for (long i = 0; i < bytes; i += type.BlockBytes())
        {
            *(Half*)(data + i) = (Half)0.01;
            if (type is TensorType.Q4_1 or TensorType.Q5_1)
                *(Half*)(data + i + 2) = (Half)(-0.08);
        }
        return data;
    }
}
