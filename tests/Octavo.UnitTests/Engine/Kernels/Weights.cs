using Octavo.Core;
using Octavo.Core.Tensors;
using Octavo.Engine.Kernels;

namespace Octavo.UnitTests.Engine.Kernels;

/// <summary>Stored rows beside the numbers that they mean, in double precision.</summary>
internal sealed unsafe class Weights : IDisposable
{
    private readonly Guarded<byte> _data;

    private Weights(TensorType type, int rows, int columns)
    {
        Type = type;
        Rows = rows;
        Columns = columns;
        _data = new Guarded<byte>(checked((int)type.ByteLength((long)rows * columns)));
        Values = new double[rows, columns];
    }

    public TensorType Type { get; }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>[rows, columns].</summary>
    public double[,] Values { get; }

    public Span<byte> Data => _data.Span;

    public int RowBytes => (int)Type.ByteLength(Columns);

    public static Weights Random(TensorType type, int rows, int columns, ulong seed)
    {
        var weights = new Weights(type, rows, columns);
        var random = new SeededRandom(seed);
        foreach (ref var b in weights.Data)
            b = (byte)random.NextUInt64();
        if (type.BlockLength() == 1)
            weights.FillDense(random);
        for (var at = 0; type.BlockLength() > 1 && at < weights.Data.Length; at += type.BlockBytes())
            weights.SetScale(at, (Half)(0.02 * random.NextGaussian()), (Half)(0.1 * random.NextGaussian()));
        weights.Refresh();
        return weights;
    }

    /// <summary>Every block with this scale, this minimum and these bits in each of its numbers.</summary>
    public static Weights Constant(TensorType type, int rows, int columns, Half scale, Half minimum, byte bits)
    {
        var weights = new Weights(type, rows, columns);
        weights.Data.Fill(bits);
        for (var at = 0; at < weights.Data.Length; at += type.BlockBytes())
            weights.SetScale(at, scale, minimum);
        weights.Refresh();
        return weights;
    }

    public WeightRows All => Slice(0, Rows);

    public WeightRows Slice(int first, int rows) => new(_data.Pointer + ((long)first * RowBytes), Type, rows, Columns);

    /// <summary>Sets the scale (and minimum, where there is one) of the block at a byte offset.</summary>
    public void SetScale(int at, Half scale, Half minimum)
    {
        BitConverter.TryWriteBytes(Data[(Type == TensorType.Q6_K ? at + 208 : at)..], scale);
        if (HasMin)
            BitConverter.TryWriteBytes(Data[(at + 2)..], minimum);
    }

    /// <summary>Whether each block has a minimum.</summary>
    public bool HasMin => Type is TensorType.Q4_1 or TensorType.Q5_1 or TensorType.Q4_K or TensorType.Q5_K;

    /// <summary>What a number's minimum adds to it.</summary>
    public double Minimum(int row, int column) => Reference.Minimum(Type, Data.Slice(row * RowBytes, RowBytes), column);

    /// <summary>Computes <see cref="Values"/> anew.</summary>
    public void Refresh()
    {
        for (var r = 0; r < Rows; r++)
        {
            for (var c = 0; c < Columns; c++)
                Values[r, c] = Reference.Dequantize(Type, Data.Slice(r * RowBytes, RowBytes), c);
        }
    }

    public void Dispose() => _data.Dispose();

    private void FillDense(SeededRandom random)
    {
        var bytes = Type.BlockBytes();
        for (var i = 0; i < Data.Length / bytes; i++)
        {
            var number = (float)random.NextGaussian();
            var place = Data[(i * bytes)..];
            if (Type == TensorType.F32)
                BitConverter.TryWriteBytes(place, number);
            else if (Type == TensorType.F16)
                BitConverter.TryWriteBytes(place, (Half)number);
            else
                BitConverter.TryWriteBytes(place, (ushort)(BitConverter.SingleToUInt32Bits(number) >> 16));
        }
    }
}
