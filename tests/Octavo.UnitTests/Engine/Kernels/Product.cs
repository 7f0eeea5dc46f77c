using Octavo.Core.Tensors;
using Octavo.Engine.Kernels;
using Shouldly;

namespace Octavo.UnitTests.Engine.Kernels;

/// <summary>Runs the products on guarded memory with strides larger than needed, and knows the right answer.</summary>
internal sealed unsafe class Product : IDisposable
{
    private readonly KernelSet _set;
    private readonly Guarded<float> _x;
    private readonly Guarded<short> _q;
    private readonly Guarded<float> _d;
    private readonly Guarded<float> _s;
    private readonly Guarded<float> _scratch;
    private readonly int _ldx;

    public Product(KernelSet set, Weights weights, int tokens, float[] activations, bool i16)
    {
        _set = set;
        Weights = weights;
        Tokens = tokens;
        I16 = i16;
        _ldx = weights.Columns + 5;
        _x = new Guarded<float>(tokens * _ldx);
        _scratch = new Guarded<float>(set.ScratchFloats(weights.Columns));
        var blocks = weights.Columns / 32;
        _q = new Guarded<short>(i16 ? tokens * weights.Columns : 0);
        _d = new Guarded<float>(i16 ? tokens * blocks : 0);
        _s = new Guarded<float>(i16 ? tokens * blocks : 0);
        for (var t = 0; t < tokens; t++)
        {
            activations.AsSpan(t * weights.Columns, weights.Columns).CopyTo(_x.Span[(t * _ldx)..]);
            if (i16)
                set.QuantizeI16(
                    _x.Pointer + (t * _ldx), weights.Columns,
                    _q.Pointer + (t * weights.Columns), _d.Pointer + (t * blocks), _s.Pointer + (t * blocks));
        }
    }

    public Weights Weights { get; }

    public int Tokens { get; }

    public bool I16 { get; }

    /// <summary>The activations as rounded, where they are.</summary>
    public Guarded<short> Q => _q;

    public Guarded<float> D => _d;

    /// <summary>[tokens, rows] of a part of the product, with everything around the outputs checked.</summary>
    public float[,] Run(int row, int rows, int token, int tokens)
    {
        var ldy = rows + 3;
        using var y = new Guarded<float>(((tokens - 1) * ldy) + rows);
        var columns = Weights.Columns;
        var w = Weights.Slice(row, rows);
        if (I16)
        {
            var blocks = columns / 32;
            var x = new ActivationsI16(_q.Pointer + (token * columns), _d.Pointer + (token * blocks), _s.Pointer + (token * blocks), columns);
            _set.MatMulI16(w, x, tokens, y.Pointer, ldy, _scratch.Pointer);
        }
        else
        {
            _set.MatMulF32(w, _x.Pointer + (token * _ldx), _ldx, tokens, y.Pointer, ldy, _scratch.Pointer);
        }
        y.CheckGuards();
        _scratch.CheckGuards();
        var result = new float[tokens, rows];
        for (var t = 0; t < tokens; t++)
        {
            for (var r = 0; r < rows; r++)
                result[t, r] = y.Span[(t * ldy) + r];
            for (var gap = (t * ldy) + rows; t + 1 < tokens && gap < (t + 1) * ldy; gap++)
                y.IsUntouched(gap).ShouldBeTrue($"the gap after row {t} was written");
        }
        return result;
    }

    /// <summary>The whole product, one row and one token at a time.</summary>
    public float[,] OneByOne()
    {
        var result = new float[Tokens, Weights.Rows];
        for (var t = 0; t < Tokens; t++)
        {
            for (var r = 0; r < Weights.Rows; r++)
                result[t, r] = Run(r, 1, t, 1)[0, 0];
        }
        return result;
    }

    /// <summary>An output in double precision, and the sum of its terms' magnitudes.</summary>
    public (double Value, double Magnitude) Expected(int token, int row)
    {
        double value = 0, magnitude = 0;
        for (var c = 0; c < Weights.Columns; c++)
        {
            var x = I16
                ? (double)_q.Span[(token * Weights.Columns) + c] * _d.Span[((token * Weights.Columns) + c) / 32]
                : _x.Span[(token * _ldx) + c];
            value += Weights.Values[row, c] * x;
            magnitude += Math.Abs(Weights.Values[row, c] * x);
        }
        return (value, magnitude + Minima(token, row));
    }

    public void Dispose()
    {
        _x.Dispose();
        _q.Dispose();
        _d.Dispose();
        _s.Dispose();
        _scratch.Dispose();
    }

    /// <summary>d·n and m are summed apart, so both count where they cancel.</summary>
    private double Minima(int token, int row)
    {
        double sum = 0;
        for (var c = 0; I16 && Weights.Type is TensorType.Q4_1 or TensorType.Q5_1 && c < Weights.Columns; c++)
        {
            var block = Weights.Data.Slice((row * Weights.RowBytes) + (c / 32 * Weights.Type.BlockBytes()), 4);
            var x = (double)_q.Span[(token * Weights.Columns) + c] * _d.Span[((token * Weights.Columns) + c) / 32];
            sum += 2 * Math.Abs((double)BitConverter.ToHalf(block[2..]) * x);
        }
        return sum;
    }
}
